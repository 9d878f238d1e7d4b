import { type ChildProcess, spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";

// /proc counts memory in pages, which have 4 KiB on almost every system that Blender is built for.
const PAGE_BYTES = 4096;

/** Ends the process and its group, at once. It must have been spawned with `detached: true`. */
export function killProcessGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === "win32") {
    spawn("taskkill", ["/PID", String(child.pid), "/T", "/F"], { stdio: "ignore" });
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    // The group does not exist: it has just ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

interface ProcessStat {
  readonly id: number;
  readonly parentId: number;
  readonly groupId: number;
  readonly residentPages: number;
}

/**
 * Resident memory of a process, its group and everything that descends from it, in bytes; undefined if the system has
 * no `/proc`. A process that leaves the group still counts.
 */
export async function processTreeMemoryBytes(rootId: number): Promise<number | undefined> {
  const names = await readdir("/proc").catch(() => undefined);
  if (!names) return undefined;
  const stats = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(readStat));
  const counted = new Set<number>([rootId]);
  const belongs = ({ id, parentId, groupId }: ProcessStat) =>
    groupId === rootId || counted.has(id) || counted.has(parentId);
  for (let sizeBefore = -1; sizeBefore !== counted.size; ) {
    sizeBefore = counted.size;
    for (const stat of stats) if (belongs(stat)) counted.add(stat.id);
  }
  const pages = stats.reduce((sum, { id, residentPages }) => sum + (counted.has(id) ? residentPages : 0), 0);
  return pages * PAGE_BYTES;
}

async function readStat(processId: string): Promise<ProcessStat> {
  const stat = await readFile(`/proc/${processId}/stat`, "utf8").catch(() => "");
  // The name in brackets may contain spaces and brackets, so the numbers start after the last one.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [parentId = 0, groupId = 0, residentPages = 0] = [fields[1], fields[2], fields[21]].map((field) =>
    Number(field ?? 0),
  );
  return { id: Number(processId), parentId, groupId, residentPages };
}
