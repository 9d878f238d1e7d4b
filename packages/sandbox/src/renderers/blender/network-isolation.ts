import { spawn } from "node:child_process";
import { once } from "node:events";

// The first works for root, the second for a user where the system allows user namespaces.
const CANDIDATES = [
  ["unshare", "--net", "--"],
  ["unshare", "--map-root-user", "--net", "--"],
];

/**
 * The command to put before another one so that it runs without network: empty where the system offers none.
 * Only Linux does.
 */
export async function findNetworkIsolation(): Promise<readonly string[]> {
  if (process.platform !== "linux") return [];
  for (const command of CANDIDATES) {
    if (await succeeds([...command, "true"])) return command;
  }
  return [];
}

async function succeeds([file = "", ...args]: readonly string[]): Promise<boolean> {
  const child = spawn(file, args, { stdio: "ignore" });
  try {
    const [code] = await once(child, "exit");
    return code === 0;
  } catch {
    return false;
  }
}
