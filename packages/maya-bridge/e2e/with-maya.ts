import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createSandbox, type SandboxOptions } from "@renderjuice/sandbox";
import { HELPER_LIMIT_MS } from "../../../hosts/lib/helper-limit.ts";
import { FakeMaya, type FakeMayaOptions } from "../../../hosts/maya/fake-maya.ts";
import { writeFakeScene } from "../../../hosts/maya/fake-scene.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
/** Runs the sources, as the other tests do; `install` hands this on to Maya. */
const CLI = ["--conditions=@renderjuice/source", MAIN] as const;
const DEMO_SCENE = fileURLToPath(new URL("../../../examples/scenes/orange-juice.blend", import.meta.url));

export interface MayaSetup extends SandboxOptions {
  readonly python: string;
  readonly scene?: Record<string, unknown>;
}

/** A sandbox, a user's folders with the Maya side installed by the real command, a shot, and Mayas. */
export async function setUpMaya({ python, scene, ...options }: MayaSetup) {
  // A space, as in many a user's name.
  const folder = await mkdtemp(join(tmpdir(), "renderjuice maya-"));
  const sandbox = await createSandbox({ renderer: "simulated", ...options });
  const env = {
    PATH: process.env.PATH,
    MAYA_APP_DIR: join(folder, "maya app"),
    RENDERJUICE_API_URL: sandbox.url,
    RENDERJUICE_API_KEY: sandbox.apiKeys[0] ?? "",
    FAKE_MAYA_SOCKETS: folder,
  };
  const blend = join(folder, "sh010_light.blend");
  await copyFile(DEMO_SCENE, blend);
  const sceneFile = await writeFakeScene(folder, scene);
  const mayas: FakeMaya[] = [];
  const cli = async (...args: string[]) => {
    const limit = { timeout: HELPER_LIMIT_MS, killSignal: "SIGKILL" } as const;
    const run = promisify(execFile)(process.execPath, [...CLI, ...args], { env, ...limit });
    return run.then(
      ({ stdout, stderr }) => ({ exitCode: 0, stdout, stderr }),
      (error) => ({
        // -1: it was killed, since it took too long.
        exitCode: (error.code ?? -1) as number,
        stdout: String(error.stdout),
        stderr: String(error.stderr),
      }),
    );
  };
  await cli("install");
  return {
    sandbox,
    folder,
    blend,
    cli,
    env,
    jobsFolder: join(env.MAYA_APP_DIR, "renderjuice", "jobs"),
    sessionsFolder: join(env.MAYA_APP_DIR, "renderjuice", "sessions"),
    imagesFolder: join(folder, "juice project", "images", "renderjuice", "sh010"),
    async startMaya(more: Partial<FakeMayaOptions> = {}): Promise<FakeMaya> {
      const maya = await FakeMaya.start({ python, sceneFile, env, ...more });
      mayas.push(maya);
      return maya;
    },
    /** Port and token, as the bridge reads them. */
    async openPort(maya: FakeMaya) {
      const file = await maya.python("import renderjuice_maya\nrenderjuice_maya.open_port()");
      return JSON.parse(await readFile(String(file), "utf8"));
    },
    async [Symbol.asyncDispose]() {
      for (const maya of mayas) await maya.kill();
      await sandbox.close();
      // A bridge that outlives its Maya may still be writing.
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
    },
  };
}

/** A literal for Python code in tests. */
export const py = (value: string) => JSON.stringify(value);
