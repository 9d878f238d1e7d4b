import { type ChildProcess, spawn } from "node:child_process";

/**
 * Runs a shell script when this process is gone, however it went: vitest stops its workers without a word.
 *
 * @param args what the script finds as $0, $1, …
 */
export function startGuard(script: string, ...args: readonly string[]): ChildProcess {
  const guard = spawn("sh", ["-c", `read -r _\n${script}`, ...args], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  guard.unref();
  // A pipe is a socket, which has an unref that the types of stdin do not tell of.
  if ("unref" in guard.stdin && typeof guard.stdin.unref === "function") guard.stdin.unref();
  return guard;
}
