import { writeSync } from "node:fs";
import { terminalLine } from "@renderjuice/core/adapter";

/** What the host is told while a task runs. */
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

/** Lines that the stdout handlers of the render plugin know. `Progress: 42%` is also known to Deadline's own plugins. */
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

/** What the host would take for one of the lines above is indented: it may hold a name that somebody else chose. */
function log(line: string): void {
  say(/^(Progress:|RJ-|openjd_)/.test(line) ? `  ${line}` : line);
}

/** At once: the process may be killed, and the job's id must be out before. One line, whatever a remote text holds. */
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
