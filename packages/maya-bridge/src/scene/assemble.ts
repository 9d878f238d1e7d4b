import { basename, extname, join, posix, win32 } from "node:path";
import { ConfigError } from "@renderjuice/core";
import { count } from "@renderjuice/core/adapter";
import type { JobRequest } from "../job/job-request.ts";
import { explainRefusal } from "./fbx/explain-refusal.ts";
import { type FbxFacts, readFbxFacts } from "./fbx/fbx-facts.ts";
import { findLosses } from "./loss/find-losses.ts";
import { assembledSchema, type ImportFacts } from "./loss/import-facts.ts";
import { type LossReport, lossReportSchema } from "./loss/loss-report.ts";
import { reportMaterials } from "./loss/material-report.ts";
import { runBlender } from "./run-blender.ts";
import { sceneSettings } from "./scene-settings.ts";
import { SourceFolder } from "./source-folder.ts";
import type { PrepareScene, SceneReport } from "./types.ts";
import { writeReport } from "./write-report.ts";

type Format = NonNullable<JobRequest["assemble"]>;

/**
 * EXPERIMENTAL. Blender, on the artist's machine, makes a `.blend` from the export. Materials and lights lose much in
 * the process. All of it is reported, and nothing is uploaded before the artist has accepted that.
 *
 * If the export has no camera or no light, one is added; that counts as a loss too.
 */
export const assemble: PrepareScene = async (request, { folder, signal, say }) => {
  const format = request.assemble as Format;
  const files = filesToImport(request, format);
  const sources = format === "fbx" ? await readSources(files) : new Map<string, FbxFacts>();
  const name = stemOf(request.facts.scene) || "assembled";
  const source = await SourceFolder.create(folder, name);
  say(`EXPERIMENTAL: Blender makes a .blend from ${count(files.length, "file")}.`);
  const { answer, log } = await runBlender({
    action: "assemble",
    input: {
      format,
      files: files.map((path) => ({
        path,
        packedAs: `caches/${basename(path)}`,
        turned: sources.get(path)?.turned ?? [],
        hidden: sources.get(path)?.hidden ?? [],
      })),
      target: join(source.path, `${name}.blend`),
      metersPerUnit: request.facts.metersPerUnit,
      settings: sceneSettings(request.facts),
    },
    schema: assembledSchema,
    folder,
    signal,
  }).catch((error) => explainRefusal(error, files, sources));
  source.add(`${name}.blend`);
  // Animation in USD and Alembic is read from the file itself, frame by frame.
  if (format === "usd" || format === "abc")
    for (const path of files) await source.put(path, `caches/${basename(path)}`);

  const facts = {
    version: 1 as const,
    format,
    sources: files.map((path) => basename(path)),
    blender: answer.blender.join("."),
    importer: answer.importer,
    importerWarnings: readWarnings(log),
    ...describe(answer.facts, sources),
  };
  const { facts: imported, unpacked, unclear } = answer;
  const losses = findLosses({ request, facts: imported, files, sources, report: facts, unpacked, unclear });
  const loss = lossReportSchema.parse({ ...facts, losses });
  const report: SceneReport = {
    route: "assemble",
    packed: source.packed,
    notes: answer.notes,
    // If there is no camera, the loss report says so.
    warnings: imported.cameras.length > 0 ? answer.warnings : [],
    staysBehind: request.dependencies.filter(({ kind }) => kind !== "texture"),
    loss,
  };
  if (losses.length > 0 && !request.acceptLoss)
    throw lossNotAccepted(loss, await writeReport(folder, report));
  return { sourcePaths: [source.path], report };
};

function filesToImport({ caches }: JobRequest, format: Format): string[] {
  const files = caches.filter((cache) => cache.format === format).map(({ path }) => path);
  if (files.length > 0) return files;
  throw new ConfigError({
    code: "invalid_option",
    option: "caches",
    message: `There is no ${format.toUpperCase()} file to make a .blend from.`,
    hint: `Export the scene as ${format.toUpperCase()} and hand it over: caches=["…/scene.${format}"].`,
  });
}

async function readSources(files: readonly string[]): Promise<Map<string, FbxFacts>> {
  const sources = new Map<string, FbxFacts>();
  for (const path of files) {
    const facts = await readFbxFacts(path);
    if (facts) sources.set(path, facts);
  }
  return sources;
}

function describe(facts: ImportFacts, sources: ReadonlyMap<string, FbxFacts>) {
  const used = new Set(
    facts.materials.flatMap(({ inputs }) => Object.values(inputs).flatMap(({ images }) => images ?? [])),
  );
  const objects = Object.entries(Object.groupBy(facts.objects, ({ type }) => type));
  return {
    objects: Object.fromEntries(objects.map(([type, items]) => [type, items?.length ?? 0])),
    materials: reportMaterials(facts, sources),
    lights: facts.lights.map(({ name, type, energy }) => ({ name, type, energy })),
    cameras: facts.cameras.map(({ name, lensMm, isOrthographic }) => ({ name, lensMm, isOrthographic })),
    textures: facts.images.map(({ name, path, isThere }) => ({
      name,
      path,
      state: !isThere ? ("missing" as const) : used.has(name) ? ("used" as const) : ("unused" as const),
    })),
    animation: facts.animation,
  };
}

/** What importers print; each message once. */
function readWarnings(log: string): string[] {
  const [, during = ""] = /renderjuice: import [^\n]*\n([\s\S]*)renderjuice: imported/.exec(log) ?? [];
  const lines = during.split("\n").filter((line) => /^\s*(warn|error)/i.test(line));
  return [...new Set(lines.map((line) => line.trim()))];
}

function lossNotAccepted({ losses }: LossReport, reportPath: string): ConfigError {
  const summary = losses.map(({ message, subjects }) =>
    subjects.length > 0 ? `${message.replace(/\.$/, "")} (${subjects.length}).` : message,
  );
  return new ConfigError({
    code: "invalid_option",
    option: "accept_loss",
    message: `Nothing was uploaded: the .blend that Blender made is not complete. ${summary.join(" ")}`,
    hint: `Read ${reportPath}. If you accept these losses, submit again with accept_loss=True.`,
  });
}

/** Maya's path may come from another system. */
function stemOf(path: string): string {
  const name = posix.basename(win32.basename(path));
  return basename(name, extname(name));
}
