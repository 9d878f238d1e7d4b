import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { lstat, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

/** Which machine (or container) and process a part is of. No name of a farm's file begins with a dot. */
export function nameOfProcess(): string {
  return `.renderjuice-${nameOfMachine()}-${process.pid}`;
}

/** Nobody is silent for so long and still downloads. */
const ABANDONED_MS = 24 * 60 * 60_000;

/** Removes the parts of processes that were killed: of this machine's at once, of others' after a day. */
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

/** Process ids mean something within one start of one system, and one container of it. */
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
