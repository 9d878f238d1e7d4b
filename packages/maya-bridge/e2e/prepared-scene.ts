import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findBlender } from "@renderjuice/core/adapter/node";
import { createNodeClient } from "@renderjuice/core/node";
import { createSandbox } from "@renderjuice/sandbox";
import { PNG } from "pngjs";
import { HELPER_LIMIT_MS } from "../../../hosts/lib/helper-limit.ts";
import type { JobRequest } from "../src/job/job-request.ts";
import { prepareScene } from "../src/scene/prepare-scene.ts";
import type { PreparedScene } from "../src/scene/types.ts";
import { makeRequest } from "../test/job-request.fixture.ts";

const SAMPLES =
  process.env.RENDERJUICE_SAMPLES ?? fileURLToPath(new URL("../../../../shared/samples", import.meta.url));
const BLENDER_FLAGS = ["--background", "--factory-startup", "--python-exit-code", "1"];

/** A folder of FBX files that Maya has written; undefined, and loudly so, where it is absent. */
export function mayaSamples(name: "maya-fbx" | "maya-fbx-more" = "maya-fbx"): string | undefined {
  const folder = join(SAMPLES, name);
  if (existsSync(folder)) return folder;
  process.stderr.write(`\nSKIPPED: there is no ${folder}; RENDERJUICE_SAMPLES names another folder.\n`);
  return undefined;
}

/** A studio's folder, a job's folder, Blender to make files with and to look into them, and a farm. */
export async function setUpScene() {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice scene-"));
  const { executable } = await findBlender();
  const jobFolder = join(folder, "job");
  await mkdir(jobFolder);
  const said: string[] = [];
  return {
    folder,
    jobFolder,
    said,
    path: (...names: string[]) => join(folder, ...names),
    /** Runs Python in Blender, in the studio's folder as `FOLDER`. @returns what it gives to `tell()` */
    async blender(python: string, ...files: string[]): Promise<unknown> {
      const script = join(folder, "script.py");
      const head = `import bpy, json, os, struct\nFOLDER = ${JSON.stringify(folder)}\n`;
      const tell = 'def tell(value): print("\\nTOLD" + json.dumps(value))\n';
      await writeFile(script, head + tell + python);
      const args = [...BLENDER_FLAGS, ...files, "--python", script];
      const limit = { timeout: HELPER_LIMIT_MS, killSignal: "SIGKILL" } as const;
      const { stdout } = await promisify(execFile)(executable, args, limit);
      return JSON.parse(/^TOLD(.*)$/m.exec(stdout)?.[1] ?? "null");
    },
    prepare: (
      request: Partial<JobRequest>,
      facts: Partial<JobRequest["facts"]> = {},
      signal = AbortSignal.timeout(HELPER_LIMIT_MS),
    ): Promise<PreparedScene> =>
      prepareScene(makeRequest({ ...request, facts: { ...makeRequest().facts, ...facts } }), {
        folder: jobFolder,
        signal,
        say: (line) => said.push(line),
      }),
    /** Sends a prepared scene through the sandbox. */
    render: (scene: PreparedScene, frames: string) => render(scene, frames, join(folder, "frames")),
    readReport: async () => ({
      json: JSON.parse(await readFile(join(jobFolder, "report.json"), "utf8")),
      text: await readFile(join(jobFolder, "report.txt"), "utf8"),
    }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** @returns the frames, in their order */
async function render(scene: PreparedScene, frames: string, outDir: string): Promise<PNG[]> {
  await using sandbox = await createSandbox({ renderer: "blender" });
  await using client = createNodeClient({
    apiKey: sandbox.apiKeys[0] ?? "",
    baseUrl: sandbox.url,
    env: {},
    poll: { initialMs: 50, maxMs: 200 },
  });
  const { downloads } = await client.submit(scene.sourcePaths, {
    frames,
    settings: { outputFormat: "PNG", sampleCount: 16 },
    download: { outDir },
    signal: AbortSignal.timeout(HELPER_LIMIT_MS),
  });
  const files = (downloads?.files ?? []).filter(({ frame }) => frame !== undefined);
  files.sort((one, other) => (one.frame ?? 0) - (other.frame ?? 0));
  return Promise.all(files.map(async ({ path }) => PNG.sync.read(await readFile(path))));
}
