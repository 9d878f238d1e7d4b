/** A text as it stands between the bars of a table. */
export const cell = (text: string) =>
  text
    .replaceAll("|", "\\|")
    .replaceAll("<", "&lt;")
    .replace(/\s*\n\s*/g, " ");

export const code = (text: string) => `\`${text.replaceAll("|", "\\|")}\``;

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const lines = [head, head.map(() => "---"), ...rows];
  return `${lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}\n`;
}

export const fence = (language: string, text: string) => `\`\`\`${language}\n${text}\n\`\`\`\n`;
