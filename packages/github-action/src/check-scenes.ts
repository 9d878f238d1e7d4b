import { isAbsolute, join, parse, relative, resolve } from "node:path";
import { buildRenderConfig, formatBytes, preflight, RenderjuiceError } from "@renderjuice/core";
import { findScenes, fingerprintSource, openSource } from "@renderjuice/core/node";
import { annotateIssues } from "./annotations.ts";
import { type Inputs, InputsError } from "./inputs.ts";
import { createResumeTag } from "./resume.ts";
import { createRun, type SceneRun } from "./scene-run.ts";
import { info } from "./workflow-log.ts";

/**
 * Finds the scenes and looks at each of them before anything is sent: one that cannot work stops all, since a step that
 * renders half of what it was asked for has to be paid for again.
 *
 * @throws InputsError when nothing is found; Error when a scene cannot be rendered.
 */
export async function checkScenes(inputs: Inputs, signal: AbortSignal): Promise<SceneRun[]> {
  const paths = await find(inputs.file);
  const config = buildRenderConfig(inputs.settings, inputs.frames);
  const runs: SceneRun[] = [];
  let broken = 0;
  for (const path of paths) {
    signal.throwIfAborted();
    const source = await openSource(path);
    const { issues, isOk } = preflight({ ...(await source.readFacts()), config });
    annotateIssues(path, issues);
    if (!isOk) broken += 1;
    const tag =
      isOk && inputs.resume === "auto"
        ? createResumeTag({ path, fingerprint: await fingerprintSource(source, signal), inputs })
        : undefined;
    info(`${path}, ${formatBytes(source.sizeBytes)}${isOk ? "" : ": cannot be rendered"}`);
    runs.push(
      createRun({ name: path, path, outputDir: outputDirOf(path, paths, inputs), ...(tag && { tag }) }),
    );
  }
  if (broken > 0) throw cannotRender(broken, paths.length);
  return runs;
}

async function find(patterns: readonly string[]): Promise<string[]> {
  try {
    return await findScenes(patterns, process.cwd());
  } catch (error) {
    if (!RenderjuiceError.isInstance(error)) throw error;
    throw new InputsError([`file: ${error.message} ${error.hint ?? ""} Is the repository checked out?`]);
  }
}

/** Where a scene's frames go is told by the workflow's text, not by how many files a pattern happens to find. */
function outputDirOf(path: string, paths: readonly string[], { file, "output-dir": folder }: Inputs): string {
  const isNamed = file.length === 1 && resolve(file[0] ?? "") === resolve(path);
  return isNamed ? folder : join(folder, folderNameOf(path, paths));
}

/** `shots/sh010.blend` → `shots/sh010`, unless another scene has that name too. */
function folderNameOf(path: string, paths: readonly string[]): string {
  const withoutExtension = (name: string) => name.replace(/\.(blend|zip)$/i, "");
  const isUnique = paths.filter((other) => withoutExtension(other) === withoutExtension(path)).length === 1;
  const name = isUnique ? withoutExtension(path) : path;
  return isAbsolute(name) ? relative(parse(name).root, name) : name;
}

function cannotRender(broken: number, total: number): Error {
  const which = total === 1 ? "The scene" : `${broken} of ${total} scenes`;
  return new Error(
    `Nothing was sent. ${which} cannot be rendered as it is; the annotations say why and what to do.`,
  );
}
