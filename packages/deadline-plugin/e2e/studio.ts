import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createNodeClient } from "@renderjuice/core/node";
import { createSandbox, type SandboxOptions } from "@renderjuice/sandbox";
import { type FarmOptions, HARNESS, type Settings, startFarm } from "../../../hosts/deadline/farm.ts";
import { type RunningProgram, startProgram } from "../../../hosts/lib/running-program.ts";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
export const BUNDLE = join(PACKAGE, "dist", "renderjuice-deadline.cjs");
/** Ships with the repository: frames 1 to 10, 480 x 270. */
const DEMO_SCENE = join(PACKAGE, "../../examples/scenes/orange-juice.blend");

export interface StudioOptions extends Omit<FarmOptions, "repository"> {
  readonly sandbox?: SandboxOptions;
  /** Settings of the event plugin. @default Global Enabled, and nothing that sets it off */
  readonly events?: Settings;
}

/**
 * A studio: a Deadline repository into which the real installer has put the plugins, a farm on it, Renderjuice as a
 * sandbox, and a project folder. The names are such as studios have.
 */
export async function openStudio({ sandbox: sandboxOptions, events = {}, ...options }: StudioOptions) {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice studio "));
  const repository = join(folder, "Deadline Repository");
  for (const name of ["custom/events", "custom/plugins", "events", "plugins"]) {
    await mkdir(join(repository, name), { recursive: true });
  }
  await runBundle("install", "--repository", repository);
  const sandbox = await createSandbox({ renderer: "simulated", ...sandboxOptions });
  const [apiKey = ""] = sandbox.apiKeys;
  const farm = await startFarm({ repository, env: { PATH: process.env.PATH, HOME: folder }, ...options });
  await farm.configureEvent("Renderjuice", { State: "Global Enabled", ...events });
  await farm.configurePlugin("Renderjuice", {
    NodeExecutable: ["C:\\Program Files\\nodejs\\node.exe", process.execPath],
    ApiUrl: sandbox.url,
    ApiKey: apiKey,
  });
  const project = join(folder, "Prüfung 場面");
  await mkdir(project);
  const scene = join(project, "shot 010.blend");
  await cp(DEMO_SCENE, scene);
  const outDir = join(project, "frames");

  return {
    farm,
    sandbox,
    apiKey,
    folder,
    repository,
    scene,
    outDir,
    /** Submits a Blender job as the stock submitter does. */
    async submitBlender(jobInfo: Settings = {}, pluginInfo: Settings = {}): Promise<string> {
      const { jobId, stdout } = await farm.submit({
        jobInfo: {
          Plugin: "Blender",
          Name: "shot 010",
          Frames: "1-3",
          OutputDirectory0: outDir,
          ...flat(jobInfo),
        },
        pluginInfo: { SceneFile: scene, OutputFile: join(outDir, "shot_####"), ...flat(pluginInfo) },
      });
      if (!jobId) throw new Error(`The farm did not take the job: ${stdout}`);
      return jobId;
    },
    /** Installs an event plugin of the harness under another name: plugins are called by the order of their names. */
    async installEventPlugin(fixture: string, name: string, settings: Settings = {}): Promise<void> {
      const target = join(repository, "custom/events", name);
      await cp(join(HARNESS, "fixtures/custom/events", fixture), target, { recursive: true });
      for (const ending of ["py", "param"])
        await rename(join(target, `${fixture}.${ending}`), join(target, `${name}.${ending}`));
      await farm.configureEvent(name, { State: "Global Enabled", ...settings });
    },
    /** A local job that waits for another. */
    async submitComp(dependsOn: string, jobInfo: Settings = {}): Promise<string> {
      const info = { Plugin: "Nuke", Name: "comp", Frames: "1-3", JobDependencies: dependsOn };
      return (await farm.submit({ jobInfo: { ...info, ...flat(jobInfo) } })).jobId;
    },
    /** The job in the cloud that stands for an original. */
    async helperOf(jobId: string) {
      const { ExtraInfoKeyValues } = await farm.job(jobId);
      const helperId = ExtraInfoKeyValues.RJ_HelperJobId;
      return helperId ? farm.job(helperId) : undefined;
    },
    /** The jobs that were submitted to render an original in the cloud, whatever that says of them; oldest first. */
    async helpersFor(jobId: string) {
      const jobs = await farm.jobs();
      return jobs.filter(({ ExtraInfoKeyValues: info }) => info.RJ_OriginalJobId === jobId);
    },
    /** The states of all renders in the cloud. */
    async renderStates(): Promise<string[]> {
      await using client = createNodeClient({ apiKey, baseUrl: sandbox.url, env: {} });
      return (await client.jobs.list()).jobs.map(({ status }) => status);
    },
    /** The jobs that cancel what others have left. */
    async cancelers() {
      return (await farm.jobs()).filter(({ PluginInfo }) => PluginInfo.Command === "cancel");
    },
    async [Symbol.asyncDispose]() {
      try {
        await farm[Symbol.asyncDispose]();
      } finally {
        await sandbox.close();
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

export type Studio = Awaited<ReturnType<typeof openStudio>>;

/** Runs the bundle as a person does. */
export async function runBundle(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [BUNDLE, ...args]);
}

/** Starts the bundle, to be watched and ended. */
export function startBundle(args: readonly string[], env?: NodeJS.ProcessEnv): RunningProgram {
  return startProgram([BUNDLE, ...args], env);
}

function flat(settings: Settings): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key,
      typeof value === "object" ? value.join(";") : value,
    ]),
  );
}
