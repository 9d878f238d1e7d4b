import { execFileSync } from "node:child_process";
import { HARNESS } from "./harness-process.ts";

export interface Verdict {
  plugin: string;
  deadline: "10.3" | "10.1";
  /** `unknown`: the harness does not know. */
  verdict: "holds" | "breaks" | "unknown";
  hooks: number;
  problems: { stage: string; error: string; verdict: "breaks" | "unknown" }[];
}

/** Some of other people's plugins hang, and are waited for. */
export const JUDGE_LIMIT_MS = 15 * 60_000;

/** What the harness says of each event plugin of a folder. */
export function judge(python: string, folder: string): Verdict[] {
  const args = ["-I", "-S", HARNESS, "judge", folder, "--json"];
  const output = execFileSync(python, args, { encoding: "utf8", timeout: JUDGE_LIMIT_MS });
  return JSON.parse(output) as Verdict[];
}
