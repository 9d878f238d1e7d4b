import { writeSync } from "node:fs";
import { terminalLine } from "@renderjuice/core/adapter";

/** What is reported to the host while a task runs. */
export interface Protocol {
  /** @param percent from 0 to 100 */
  progress(percent: number): void;
  status(text: string): void;
  /** The remote job of this task. */
  job(jobId: string): void;
  /** A file that has arrived. */
  output(path: string): void;
  fail(message: string): void;
  log(line: string): void;
}

export type ProtocolName = "deadline" | "openjd";
export const PROTOCOL_NAMES: readonly ProtocolName[] = ["deadline", "openjd"];

/** Lines for the stdout handlers of the render plugin. Deadline's own plugins understand `Progress: 42%` too. */
const deadline: Protocol = {
  progress: (percent) => say(`Progress: ${Math.floor(percent)}%`),
  status: (text) => say(`RJ-STATUS: ${text}`),
  job: (jobId) => say(`RJ-JOB: ${jobId}`),
  output: (path) => say(`RJ-OUTPUT: ${path}`),
  fail: (message) => say(`RJ-FAIL: ${message}`),
  log,
};

/** Lines that Open Job Description defines, as Deadline Cloud reads them. */
const openjd: Protocol = {
  progress: (percent) => say(`openjd_progress: ${percent.toFixed(1)}`),
  status: (text) => say(`openjd_status: ${text}`),
  job: (jobId) => say(`Renderjuice job: ${jobId}`),
  output: (path) => say(`Output: ${path}`),
  fail: (message) => say(`openjd_fail: ${message}`),
  log,
};

const PROTOCOLS: Readonly<Record<ProtocolName, Protocol>> = { deadline, openjd };

export function protocolOf(name: ProtocolName): Protocol {
  return PROTOCOLS[name];
}

/** Indents what the host would take for one of the lines above: it may contain a name that somebody else chose. */
function log(line: string): void {
  say(/^(Progress:|RJ-|openjd_)/.test(line) ? `  ${line}` : line);
}

/** Writes synchronously, so that the job's id is out even if the process is killed. One line, whatever the text. */
function say(line: string): void {
  let rest = Buffer.from(`${terminalLine(line)}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      // The reader of the pipe is slow.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}
