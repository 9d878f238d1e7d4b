import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { lstat, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

/** Identifies the machine (or container) and process of a temporary file. Names from the farm never start with a dot. */
export function nameOfProcess(): string {
  return `.renderjuice-${nameOfMachine()}-${process.pid}`;
}

/** No download is idle for this long. */
const ABANDONED_MS = 24 * 60 * 60_000;

/** Removes temporary files of killed processes: those of this machine immediately, those of others after a day. */
export async function removeStaleParts(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const [, machine, pid] = /^\.renderjuice-([0-9a-f]{12})-(\d+)-[0-9a-f]{16}\.part$/.exec(name) ?? [];
    if (machine === undefined) continue;
    const path = join(folder, name);
    const isStale = machine === nameOfMachine() ? isGone(Number(pid)) : await isAbandoned(path);
    if (isStale) await rm(path, { force: true }).catch(() => undefined);
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined);
  return stats !== undefined && Date.now() - stats.mtimeMs > ABANDONED_MS;
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

let machine: string | undefined;

/** Process ids are only unique within one boot of a system, and one container. */
function nameOfMachine(): string {
  machine ??= createHash("sha256")
    .update([hostname(), ...readLinuxIds()].join("\n"))
    .digest("hex")
    .slice(0, 12);
  return machine;
}

function readLinuxIds(): string[] {
  try {
    return [readFileSync("/proc/sys/kernel/random/boot_id", "utf8"), readlinkSync("/proc/self/ns/pid")];
  } catch {
    return [];
  }
}
