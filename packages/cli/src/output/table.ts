import { foreignLine } from "@renderjuice/core/adapter";

/** Columns as wide as their widest cell. A cell is one line, whatever it contains. */
export function table(texts: readonly (readonly string[])[]): string {
  const rows = texts.map((row) => row.map(foreignLine));
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, index) => Math.max(widest[index] ?? 0, cell.length)),
    [],
  );
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
