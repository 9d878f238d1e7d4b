import { spawnSync } from "node:child_process";

export interface Process {
  readonly pid: number;
  readonly command: string;
}

/** Ends a process and all below it, at once. @returns what was ended, parents before their children */
export function endProcessTree(pid: number): readonly Process[] {
  const tree = processTree(pid);
  for (const { pid } of tree) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
  return tree;
}

function processTree(pid: number): readonly Process[] {
  const { stdout } = spawnSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" });
  const all = [...(stdout ?? "").matchAll(/^ *(\d+) +(\d+) (.*)$/gm)].map(([, pid, parent, command]) => ({
    pid: Number(pid),
    parent: Number(parent),
    command: command ?? "",
  }));
  const below = (root: number): Process[] =>
    all.filter(({ parent }) => parent === root).flatMap((child) => [child, ...below(child.pid)]);
  const [top = { pid, command: "" }] = all.filter((one) => one.pid === pid);
  return [top, ...below(pid)];
}
