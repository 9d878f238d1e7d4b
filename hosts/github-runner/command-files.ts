import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StepRecord } from "./step-record.ts";

const PREFIXES = {
  GITHUB_PATH: "add_path_",
  GITHUB_ENV: "set_env_",
  GITHUB_STEP_SUMMARY: "step_summary_",
  GITHUB_STATE: "save_state_",
  GITHUB_OUTPUT: "set_output_",
} as const;

/** The paths of the files, by the environment variables that contain them. */
export type CommandFiles = Readonly<Record<keyof typeof PREFIXES, string>>;

export function createCommandFiles(temp: string): CommandFiles {
  const folder = join(temp, "_runner_file_commands");
  const suffix = randomUUID();
  mkdirSync(folder, { recursive: true });
  const create = (prefix: string) => {
    const path = join(folder, prefix + suffix);
    writeFileSync(path, "");
    return path;
  };
  return {
    GITHUB_PATH: create(PREFIXES.GITHUB_PATH),
    GITHUB_ENV: create(PREFIXES.GITHUB_ENV),
    GITHUB_STEP_SUMMARY: create(PREFIXES.GITHUB_STEP_SUMMARY),
    GITHUB_STATE: create(PREFIXES.GITHUB_STATE),
    GITHUB_OUTPUT: create(PREFIXES.GITHUB_OUTPUT),
  };
}

/** As on GitHub, what comes before an error in a file counts. */
export function readCommandFiles(files: CommandFiles, record: StepRecord): void {
  const read = (name: string, path: string, take: (text: string) => void) => {
    try {
      if (existsSync(path)) take(readFileSync(path, "utf8"));
    } catch (error) {
      record.failCommandFile(name, error instanceof Error ? error.message : String(error));
    }
  };
  const takePairs = (target: Record<string, string>) => (text: string) => {
    for (const [key, value] of parsePairs(text)) target[key] = value;
  };
  read("path", files.GITHUB_PATH, (text) => record.paths.push(...text.split("\n").filter(Boolean)));
  read("env", files.GITHUB_ENV, takePairs(record.env));
  read("step_summary", files.GITHUB_STEP_SUMMARY, record.addSummary);
  read("state", files.GITHUB_STATE, takePairs(record.state));
  read("output", files.GITHUB_OUTPUT, takePairs(record.outputs));
}

/** `key=value`, or `key<<DELIMITER` followed by the lines of the value and the delimiter. */
export function* parsePairs(text: string): Generator<readonly [string, string]> {
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    if (line === "") continue;
    const equals = line.indexOf("=");
    const heredoc = line.indexOf("<<");
    if (heredoc >= 0 && (equals < 0 || heredoc < equals)) {
      const end = findDelimiter(lines, at, line.slice(heredoc + 2), line.slice(0, heredoc));
      yield [line.slice(0, heredoc), lines.slice(at + 1, end).join("\n")];
      at = end;
    } else {
      if (equals < 0) throw new Error(`Invalid format '${line}'`);
      if (equals === 0) throw new Error(`Invalid format '${line}'. Name must not be empty`);
      yield [line.slice(0, equals), line.slice(equals + 1)];
    }
  }
}

function findDelimiter(lines: readonly string[], start: number, delimiter: string, key: string): number {
  if (key === "" || delimiter === "")
    throw new Error(
      `Invalid format '${lines[start]}'. Name must not be empty and delimiter must not be empty`,
    );
  const end = lines.indexOf(delimiter, start + 1);
  if (end >= 0) return end;
  // If the file does not end with a newline, it ends within the value.
  if (lines.at(-1) !== "") throw new Error("Invalid value. EOF marker missing new line.");
  throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
}
