import { join } from "node:path";
import { preflight, RenderjuiceError } from "@renderjuice/core";
import { buildRenderConfig, formatBytes } from "@renderjuice/core/adapter";
import { type FoundScene, findScenes, fingerprintSource } from "@renderjuice/core/adapter/node";
import { openSource } from "@renderjuice/core/node";
import { annotateIssues } from "./annotations.ts";
import { describeError } from "./describe-error.ts";
import { type Inputs, InputsError } from "./inputs.ts";
import { createResumeTag } from "./resume.ts";
import { createRun, type SceneRun } from "./scene-run.ts";
import { info } from "./workflow-log.ts";

/**
 * Finds the scenes and checks all of them before anything is sent. A broken scene stops the whole step: the others would be
 * paid for, and the step would have to run again.
 *
 * @throws InputsError if nothing is found; Error if a scene cannot be rendered
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
    throw new InputsError([`file: ${describeError(error)} Is the repository checked out?`]);
  }
}

function cannotRender(broken: number, total: number): Error {
  const which = total === 1 ? "The scene" : `${broken} of ${total} scenes`;
  return new Error(
    `Nothing was sent. ${which} cannot be rendered; the annotations say why and how to fix it.`,
  );
}
