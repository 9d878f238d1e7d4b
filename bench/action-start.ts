// How long the GitHub Action takes from the start of its process to its first request, next to an empty script.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compare, report, timeOf, timeProgram, withFolder, writeSparseScene } from "./measure.ts";

const BUNDLE = fileURLToPath(new URL("../packages/github-action/dist/index.cjs", import.meta.url));

await withFolder(async (folder) => {
  const empty = join(folder, "empty.cjs");
  writeFileSync(empty, "");
  writeSparseScene(join(folder, "shot.blend"), 270_000);
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const env = {
    PATH: process.env.PATH,
    "INPUT_API-KEY": "RJ-bench",
    "INPUT_API-URL": `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    INPUT_FILE: "shot.blend",
  };

  /** Reads the inputs, finds, checks and fingerprints the scene, and asks for a place to upload it to. */
  async function untilFirstRequest(): Promise<void> {
    const child = spawn(process.execPath, [BUNDLE], { cwd: folder, env, stdio: "ignore" });
    await once(server, "request");
    child.kill("SIGKILL");
  }

  const seconds = await compare(15, {
    node: () => timeProgram(process.execPath, [empty]),
    action: () => timeOf(untilFirstRequest),
  });
  server.closeAllConnections();
  server.close();
  const ratio = seconds.action / seconds.node;
  report("first request of the action relative to an empty script", ratio.toFixed(2), "<= 10", ratio <= 10);
  const milliseconds = Math.round(seconds.action * 1000);
  report("the same in milliseconds", `${milliseconds} ms`, "< 400 ms", milliseconds < 400);
});
