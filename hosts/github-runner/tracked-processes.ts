import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGuard } from "../lib/guard.ts";

/** As on GitHub, all processes of a job inherit it, which finds them even if they have lost their parent. */
export const TRACKING_VARIABLE = "RUNNER_TRACKING_ID";

const CLEAN_UP = `grep -laF "$0" /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3 | xargs -r kill -KILL
  rm -rf "$1"`;

const session = { id: `github_${randomUUID()}/`, root: "", count: 0 };

/** An id for processes below `parent`. Killing by the id of the parent kills them too. */
export function newTrackingId(parent = session.id): string {
  session.count += 1;
  return `${parent}${session.count}/`;
}

/** A folder that is deleted when the process of the tests ends. */
export function newFolder(name: string): string {
  if (session.root === "") {
    session.root = mkdtempSync(join(tmpdir(), "github-runner-"));
    startGuard(CLEAN_UP, `${TRACKING_VARIABLE}=${session.id}`, session.root);
  }
  return mkdtempSync(join(session.root, `${name}-`));
}

/** Kills all processes with this id. SIGKILL ends stopped processes as well. */
export function killTracked(id: string): void {
  // A dying process may have started another one: look again, a limited number of times.
  for (let pass = 0; pass < 20; pass++) {
    const pids = trackedProcesses(id);
    if (pids.length === 0) return;
    for (const pid of pids) kill(pid);
  }
}

/** Kills the process group too, for processes that have emptied their environment. */
export function killTree(pid: number, id: string): void {
  kill(-pid);
  killTracked(id);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has already ended.
  }
}

function trackedProcesses(id: string): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(`${TRACKING_VARIABLE}=${id}`))
    .map(Number);
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}
