import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ErrorCode } from "@renderjuice/core";
import { exitCodeFor } from "../../packages/cli/src/exit-codes.ts";
import { ERROR_MEANINGS, type ErrorMeaning } from "./error-meanings.ts";
import { cell, code, table } from "./markdown.ts";
import { GENERATED } from "./paths.ts";

export async function writeErrorTables(): Promise<void> {
  for (const [topic, codes] of Object.entries(byTopic())) {
    await writeFile(
      join(GENERATED, `errors-${topic}.md`),
      `<div class="stack">\n\n${errorTable(codes)}\n</div>\n`,
    );
  }
}

function byTopic(): Partial<Record<ErrorMeaning["topic"], ErrorCode[]>> {
  return Object.groupBy(
    Object.keys(ERROR_MEANINGS) as ErrorCode[],
    (errorCode) => ERROR_MEANINGS[errorCode].topic,
  );
}

function errorTable(codes: readonly ErrorCode[]): string {
  const rows = codes.map((errorCode) => {
    const { means, todo, retryable } = ERROR_MEANINGS[errorCode];
    const anchor = `<a id="${errorCode}"></a>`;
    const exitCode = code(String(exitCodeFor(errorCode)));
    return [anchor + code(errorCode), `${cell(means)} <br>**${cell(todo)}**`, retryable, exitCode];
  });
  return table(["code", "what happened, and **what to do**", "retryable", "exit code"], rows);
}
