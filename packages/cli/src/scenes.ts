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

/** What becomes one job. */
export interface Scene {
  readonly name: string;
  readonly paths: readonly string[];
  /** The `.blend` to render, where there are several. */
  readonly mainScene: string | undefined;
  /** Where its files go, below the folder for all of them; empty when it is the only one. */
  readonly folder: string;
}

export interface SceneOptions {
  readonly together?: true | undefined;
  readonly main?: string | undefined;
}

export const SCENE_ARGUMENT =
  "a .blend, a .zip, a folder with all that its scene needs, or a pattern in quotes, such as 'shots/**/*.blend'; every scene becomes a job";

export const togetherOption = () =>
  new Option("--together", "pack all arguments into one zip and render its .blend as one job");

export const mainOption = () =>
  new Option(
    "--main <blend>",
    "which .blend to render, when a folder, a zip or --together holds several; the others are sent along as its libraries",
  );

/** Reads what a command line names as scenes. @throws ConfigError */
export async function readScenes(
  args: readonly string[],
  { together, main }: SceneOptions,
): Promise<Scene[]> {
  if (args.length === 0 && main === undefined) throw sceneMissing();
  if (together || main !== undefined) {
    const paths = args.length === 0 ? [main ?? ""] : args;
    return [{ name: main ?? paths[0] ?? "", paths, mainScene: main, folder: "" }];
  }
  const found = await findScenes(args, process.cwd());
  if (found.length > 1) for (const { path } of found) await checkScene(path);
  return found.map(({ path, folder }) => ({ name: path, paths: [path], mainScene: undefined, folder }));
}

/** Of one of several scenes: every line says which. */
export function outputOf({ output }: CommandContext, scene: Scene, count: number): Output {
  return count > 1 || output.isJson ? output.ofScene(scene.name) : output;
}

interface Places {
  readonly out?: string | undefined;
  readonly contactSheet?: string | undefined;
}

/**
 * Where the files of a scene go: `frames` → `frames/shots/sh010`, with its contact sheet beside them. Never beside the
 * scene: there it would be uploaded with it the next time.
 */
export function placesOf({ folder }: Scene, { out, contactSheet }: Places): Places {
  const own = out === undefined ? undefined : join(out, folder);
  if (contactSheet === undefined || folder === "") return { out: own, contactSheet };
  const { dir, name, ext } = parse(contactSheet);
  const alone = join(dir, `${name}-${folder.replaceAll("/", "-")}${ext}`);
  return { out: own, contactSheet: own === undefined ? alone : join(own, basename(contactSheet)) };
}

export async function examine(scene: Scene, config: RenderConfig) {
  const source = await openSource(scene.paths, { mainScene: scene.mainScene });
  return { source, ...preflight({ ...(await source.readFacts()), config }) };
}

/**
 * Looks at every scene before the first is sent: half of what was asked for would have to be paid for again.
 *
 * @returns the exit code, and the scenes as they were opened
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

/** A texture beside a scene is meant to go with it, not to be a job. */
async function checkScene(path: string): Promise<void> {
  if ([".blend", ".zip"].includes(extname(path).toLowerCase()) || (await stat(path)).isDirectory()) return;
  throw new ConfigError({
    code: "invalid_option",
    option: "scene",
    message: `${path} is neither a .blend nor a .zip nor a folder, and each of several scenes becomes a job.`,
    hint: "To pack files into one zip with their scene, add --together.",
  });
}

function sceneMissing(): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "scene",
    message: "There is nothing to submit.",
    hint: "Name a .blend, a .zip or a folder; or go on with --job JOB or --slug SLUG.",
  });
}
