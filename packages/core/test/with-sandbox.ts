import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSandbox, type SandboxOptions } from "@renderjuice/sandbox";
import type { RetryPolicy } from "../src/adapter.ts";
import { createNodeClient, type NodeClientOptions } from "../src/node/index.ts";

/** Waits that are as short as tests want them. */
const QUICK_RETRY: Partial<RetryPolicy> = { initialDelayMs: 1, maxDelayMs: 5 };
const QUICK_POLL = { initialMs: 5, maxMs: 20 };

/** A sandbox with simulated frames, a client for it, and an empty folder; all gone at the end of the test. */
export async function startSandbox(options: SandboxOptions & { client?: NodeClientOptions } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-core-"));
  const sandbox = await createSandbox({ renderer: "simulated", ...options });
  const [apiKey = "", otherApiKey = ""] = sandbox.apiKeys;
  const clientOptions = { apiKey, baseUrl: sandbox.url, env: {}, configFile: join(folder, "no-config.json") };
  const client = createNodeClient({
    ...clientOptions,
    retry: QUICK_RETRY,
    poll: QUICK_POLL,
    ...options.client,
  });
  return {
    sandbox,
    client,
    folder,
    otherApiKey,
    clientOptions,
    /** Writes what passes for a scene. */
    async writeScene(name = "shot.blend", sizeBytes = 4096): Promise<string> {
      const path = join(folder, name);
      await writeFile(path, fakeScene(sizeBytes));
      return path;
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      await sandbox.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The header and the end of a `.blend`, with bytes in between that differ from place to place. */
function fakeScene(sizeBytes: number): Buffer {
  const scene = Buffer.alloc(sizeBytes);
  for (let index = 0; index < sizeBytes; index++) scene[index] = (index * 31 + (index >> 8)) & 0xff;
  scene.write("BLENDER-v304", 0, "latin1");
  scene.write("ENDB", sizeBytes - 20, "latin1");
  return scene;
}
