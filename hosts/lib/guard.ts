import { type ChildProcess, spawn } from "node:child_process";

/**
 * Runs a shell script once this process has ended, however it ended, since vitest stops its workers silently.
 *
 * @param args what the script finds as $0, $1, …
 */
export function startGuard(script: string, ...args: readonly string[]): ChildProcess {
  const guard = spawn("sh", ["-c", `read -r _\n${script}`, ...args], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  guard.unref();
  // A pipe is a socket, whose unref is missing in the types of stdin.
  if ("unref" in guard.stdin && typeof guard.stdin.unref === "function") guard.stdin.unref();
  return guard;
}
