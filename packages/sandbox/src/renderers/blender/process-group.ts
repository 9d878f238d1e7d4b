import { type ChildProcess, spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";

// Memory of /proc is counted in pages; 4 KiB is the page of every system that Blender is built for but a few.
const PAGE_BYTES = 4096;

/** Ends the process and everything it started, at once. It must have been spawned with `detached: true`. */
export function killProcessGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === "win32") {
    spawn("taskkill", ["/PID", String(child.pid), "/T", "/F"], { stdio: "ignore" });
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    // No such group: it ended by itself a moment ago.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Resident memory of a process group in bytes; undefined where the system has no `/proc`. */
export async function processGroupMemoryBytes(groupId: number): Promise<number | undefined> {
  const names = await readdir("/proc").catch(() => undefined);
  if (!names) return undefined;
  const pages = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(residentPages(groupId)));
  return pages.reduce((sum, count) => sum + count, 0) * PAGE_BYTES;
}

function residentPages(groupId: number) {
  return async (processId: string): Promise<number> => {
    const stat = await readFile(`/proc/${processId}/stat`, "utf8").catch(() => "");
    // The name in brackets may hold spaces and brackets: the numbers begin after the last one.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [groupField, residentField] = [fields[2], fields[21]];
    return Number(groupField) === groupId ? Number(residentField) : 0;
  };
}
