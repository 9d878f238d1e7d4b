import { stat } from "node:fs/promises";
import { basename, extname, join, parse } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { ConfigError, PreflightError, preflight, type RenderConfig, type Source } from "@renderjuice/core";
import { buildRenderConfig } from "@renderjuice/core/adapter";
import { findScenes } from "@renderjuice/core/adapter/node";
import { openSource } from "@renderjuice/core/node";
import { attempt, type CommandContext } from "./command-context.ts";
import { EXIT, worstExitCode } from "./exit-codes.ts";
import type { Output } from "./output/output.ts";

/** What one job renders. */
export interface Scene {
  readonly name: string;
  readonly paths: readonly string[];
  /** The `.blend` to render, if there are several. */
  readonly mainScene: string | undefined;
  /** Whether a `.blend` brings the files along that it refers to. */
  readonly bringFiles: boolean;
  /** Its subfolder in the output folder; empty if it is the only scene. */
  readonly folder: string;
}

export interface SceneOptions {
  readonly together?: true | undefined;
  readonly main?: string | undefined;
  readonly alone?: true | undefined;
}

export const SCENE_ARGUMENT =
  "a .blend, a .zip, a folder with everything that its scene needs, or a pattern in quotes, such as 'shots/**/*.blend'; every scene becomes a job";

export const togetherOption = () =>
  new Option("--together", "pack all arguments into one zip, as one job that renders its only .blend");

export const mainOption = () =>
  new Option(
    "--main <blend>",
    "which .blend to render if a folder, a zip or --together contains several; the others are its libraries",
  );

export const aloneOption = () => new Option("--alone", "send a .blend without the files that it refers to");

/** Finds the scenes that a command line names. @throws ConfigError */
export async function readScenes(
  args: readonly string[],
  { together, main, alone }: SceneOptions,
): Promise<Scene[]> {
  if (args.length === 0 && main === undefined) throw sceneMissing();
  if (together || main !== undefined) {
    const paths = args.length === 0 ? [main ?? ""] : args;
    return [{ name: main ?? paths[0] ?? "", paths, mainScene: main, bringFiles: false, folder: "" }];
  }
  const found = await findScenes(args, process.cwd());
  if (found.length > 1) for (const { path } of found) await checkScene(path);
  return found.map(({ path, folder }) => ({
    name: path,
    paths: [path],
    mainScene: undefined,
    bringFiles: !alone,
    folder,
  }));
}

/** The output for one scene: if there are several, every line says which. */
export function outputOf({ output }: CommandContext, scene: Scene, count: number): Output {
  return count > 1 || output.isJson ? output.ofScene(scene.name) : output;
}

interface Places {
  readonly out?: string | undefined;
  readonly contactSheet?: string | undefined;
}

/**
 * Where the files of a scene go: `frames` → `frames/shots/sh010`, with its contact sheet next to them. Never next to the
 * scene, where they would be uploaded with it the next time.
 */
export function placesOf({ folder }: Scene, { out, contactSheet }: Places): Places {
  const own = out === undefined ? undefined : join(out, folder);
  if (contactSheet === undefined || folder === "") return { out: own, contactSheet };
  const { dir, name, ext } = parse(contactSheet);
  const alone = join(dir, `${name}-${folder.replaceAll("/", "-")}${ext}`);
  return { out: own, contactSheet: own === undefined ? alone : join(own, basename(contactSheet)) };
}

export async function examine(scene: Scene, config: RenderConfig) {
  const { paths, mainScene, bringFiles } = scene;
  const source = await openSource(paths, { mainScene, bringFiles });
  return { source, ...preflight({ ...(await source.readFacts()), config }) };
}

/**
 * Checks all scenes before the first one is sent, so that an error does not leave half of them rendered.
 *
 * @returns the exit code, and the opened scenes
 */
export async function examineAll(
  context: CommandContext,
  scenes: readonly Scene[],
  config: RenderConfig = buildRenderConfig(),
): Promise<{ exitCode: number; sources: ReadonlyMap<Scene, Source> }> {
  const codes: number[] = [];
  const sources = new Map<Scene, Source>();
  for (const scene of scenes) {
    const output = outputOf(context, scene, scenes.length);
    codes.push(
      await attempt(output, async () => {
        const { source, issues, isOk } = await examine(scene, config);
        if (!isOk) throw new PreflightError({ issues });
        sources.set(scene, source);
        return EXIT.ok;
      }),
    );
  }
  return { exitCode: worstExitCode(codes), sources };
}

/** A texture that is named with a scene belongs to it and is not a job. */
async function checkScene(path: string): Promise<void> {
  if ([".blend", ".zip"].includes(extname(path).toLowerCase()) || (await stat(path)).isDirectory()) return;
  throw new ConfigError({
    code: "invalid_option",
    option: "scene",
    message: `${path} is not a scene. With several arguments, each must be a .blend, a .zip or a folder and becomes a job.`,
    hint: "To pack a scene and its files into one job, add --together.",
  });
}

function sceneMissing(): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "scene",
    message: "No scene was given.",
    hint: "Give a .blend, a .zip or a folder, or continue an earlier run with --job JOB or --slug SLUG.",
  });
}
