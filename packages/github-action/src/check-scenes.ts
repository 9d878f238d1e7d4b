import { join } from "node:path";
import { preflight, RenderjuiceError } from "@renderjuice/core";
import { buildRenderConfig, formatBytes } from "@renderjuice/core/adapter";
import { type FoundScene, findScenes, fingerprintSource } from "@renderjuice/core/adapter/node";
import { openSource } from "@renderjuice/core/node";
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
  const scenes = await find(inputs.file);
  const config = buildRenderConfig(inputs.settings, inputs.frames);
  const runs: SceneRun[] = [];
  let broken = 0;
  for (const { path, folder } of scenes) {
    signal.throwIfAborted();
    const source = await openSource(path, { mainScene: inputs["main-scene"] || undefined });
    const { issues, isOk } = preflight({ ...(await source.readFacts()), config });
    annotateIssues(path, issues);
    if (!isOk) broken += 1;
    const tag =
      isOk && inputs.resume === "auto"
        ? createResumeTag({ path, fingerprint: await fingerprintSource(source, signal), inputs })
        : undefined;
    info(`${path}, ${formatBytes(source.sizeBytes)}${isOk ? "" : ": cannot be rendered"}`);
    runs.push(createRun({ name: path, path, source, outputDir: join(inputs["output-dir"], folder), tag }));
  }
  if (broken > 0) throw cannotRender(broken, scenes.length);
  return runs;
}

async function find(patterns: readonly string[]): Promise<FoundScene[]> {
  try {
    return await findScenes(patterns, process.cwd());
  } catch (error) {
    if (!RenderjuiceError.isInstance(error)) throw error;
    throw new InputsError([`file: ${error.message} ${error.hint ?? ""} Is the repository checked out?`]);
  }
}

function cannotRender(broken: number, total: number): Error {
  const which = total === 1 ? "The scene" : `${broken} of ${total} scenes`;
  return new Error(
    `Nothing was sent. ${which} cannot be rendered as it is; the annotations say why and what to do.`,
  );
}
