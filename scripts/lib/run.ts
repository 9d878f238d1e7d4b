import { type SpawnOptions, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

// Nothing that this project runs shall report home.
process.env.TURBO_TELEMETRY_DISABLED = "1";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Runs a command from the repository's root with its output shown. @returns the exit code */
export function run(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: "inherit", ...options });
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

/** Runs a command and shows what it said only when it fails. */
export async function runQuietly(command: string, args: readonly string[]): Promise<number> {
  const said: Buffer[] = [];
  const code = await new Promise<number>((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (chunk) => said.push(chunk));
    child.stderr.on("data", (chunk) => said.push(chunk));
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  });
  if (code !== 0) process.stderr.write(Buffer.concat(said));
  return code;
}
