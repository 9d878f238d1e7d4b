import { existsSync } from "node:fs";
import { basename, dirname, extname, join, relative, sep } from "node:path";
import { ConfigError } from "@renderjuice/core";
import type { JobRequest } from "../job/job-request.ts";
import { type BlendFacts, blendFactsSchema, type Reference, rePointedSchema } from "./blend-facts.ts";
import { blendOf } from "./drop-in.ts";
import { externalPlaceOf, filesOf, placeOf, placeOfLinked } from "./external-files.ts";
import { type CacheMatches, matchCaches } from "./match-caches.ts";
import { runBlender } from "./run-blender.ts";
import { sceneSettings } from "./scene-settings.ts";
import { SourceFolder } from "./source-folder.ts";
import type { PrepareScene } from "./types.ts";

/** Smaller differences do not count: the CacheFile has the scale that the units call for. */
const SCALE_TOLERANCE = 1e-6;

/**
 * Blender, on the artist's machine, saves a copy of the studio's `.blend` that reads the provided caches and has the
 * camera, range, rate and size of the Maya scene. Everything else that the `.blend` reads is packed with it. The
 * studio's file is opened but never written.
 */
export const rePoint: PrepareScene = async (request, { folder, signal, say }) => {
  const blend = blendOf(request);
  say(`Blender is reading ${basename(blend)}.`);
  const { answer: facts } = await runBlender({
    action: "inspect",
    input: { blend },
    schema: blendFactsSchema,
    folder,
    signal,
  });
  const matches = matchCaches(facts, request.caches);
  if (request.caches.length > 0 && matches.matches.size === 0) throw nothingMatches(blend, facts, request);

  say("Packing the files that it reads.");
  const source = await SourceFolder.create(folder, basename(blend, extname(blend)));
  const plan = new Plan(source, dirname(blend));
  await plan.putCaches(request);
  await plan.putReferences(facts.references, matches);
  await plan.putPointCaches(blend);

  say("Blender is pointing a copy at the packed files.");
  const target = join(source.path, basename(blend));
  const { answer: copy } = await runBlender({
    action: "re-point",
    input: {
      blend,
      target,
      paths: plan.changes,
      settings: sceneSettings(request.facts),
      caches: Object.fromEntries(
        [...matches.matches]
          .filter(([{ kind }]) => kind === "cache")
          .map(([{ name }, cache]) => [name, join(source.path, cachePlace(cache.path))]),
      ),
    },
    schema: rePointedSchema,
    folder,
    signal,
  });
  source.add(basename(blend));
  return {
    sourcePaths: [source.path],
    report: {
      route: "re-point",
      packed: source.packed,
      notes: [...describeMatches(matches), ...copy.notes],
      warnings: [
        ...describeMisfits(matches),
        ...plan.warnings,
        ...copy.warnings,
        ...describeUnits(request, facts, matches),
        ...checkCopy(copy.paths, source.path, plan.missing),
        ...facts.unknownFiles.map((path) => `The .blend also refers to ${path}, which was not packed.`),
      ],
      staysBehind: request.dependencies,
      loss: null,
    },
  };
};

/** Which files go where, and which paths change as a result. */
class Plan {
  readonly changes: { index: number; raw: string }[] = [];
  readonly warnings: string[] = [];
  /** Absolute paths of missing files. */
  readonly missing = new Set<string>();
  readonly #source: SourceFolder;
  readonly #blendFolder: string;
  /** Of linked `.blend` files, by their absolute paths. */
  readonly #libraryPlaces = new Map<string, string>();

  constructor(source: SourceFolder, blendFolder: string) {
    this.#source = source;
    this.#blendFolder = blendFolder;
  }

  async putCaches({ caches }: JobRequest): Promise<void> {
    for (const { path } of caches) await this.#source.put(path, cachePlace(path));
  }

  async putReferences(references: readonly Reference[], { matches }: CacheMatches): Promise<void> {
    // Libraries come first in the list, and libraries that link come before the ones that they link.
    for (const [index, reference] of references.entries()) {
      const cache = matches.get(reference);
      if (cache) this.changes.push({ index, raw: `//${cachePlace(cache.path)}` });
      else if (reference.library !== null) await this.#putLinked(reference, reference.library);
      else await this.#put(index, reference);
    }
  }

  /** Physics baked to disk is in a folder named after the `.blend`. */
  async putPointCaches(blend: string): Promise<void> {
    const name = `blendcache_${basename(blend, extname(blend))}`;
    const path = join(this.#blendFolder, name);
    if (existsSync(path)) await this.#source.put(path, name);
  }

  async #put(index: number, reference: Reference): Promise<void> {
    const files = await filesOf(reference);
    if (files.length === 0) this.#reportMissing(reference);
    const place = await this.#putFiles(reference, files);
    this.changes.push({ index, raw: `//${place}` });
    if (reference.kind === "library") this.#libraryPlaces.set(reference.file, place);
  }

  /** @returns the place of the reference's own path, which may stand for a sequence or for tiles */
  async #putFiles({ file }: Reference, files: readonly string[]): Promise<string> {
    const places = [placeOf, externalPlaceOf].map(
      (choose) => (path: string) => choose(path, this.#blendFolder),
    );
    const choose =
      places.find((choice) => files.every((path) => this.#source.isFree(choice(path), path))) ??
      externalPlaceOf;
    for (const path of files) await this.#source.put(path, choose(path));
    return choose(file);
  }

  async #putLinked(reference: Reference, library: string): Promise<void> {
    const libraryPlace = this.#libraryPlaces.get(library);
    const place = libraryPlace === undefined ? undefined : placeOfLinked(reference, libraryPlace);
    if (place === undefined) {
      this.warnings.push(
        `The linked ${basename(library)} refers to ${reference.raw} by a path that does not work on the farm. ` +
          "Open it and use File > External Data > Make Paths Relative, or pack its files into it.",
      );
      return;
    }
    if (reference.kind === "library") this.#libraryPlaces.set(reference.file, place);
    const files = await filesOf(reference);
    if (files.length === 0) this.#reportMissing(reference);
    const folder = place.slice(0, place.lastIndexOf("/") + 1);
    for (const file of files) await this.#source.put(file, folder + basename(file));
  }

  #reportMissing({ kind, name, file, library }: Reference): void {
    this.missing.add(file);
    const from = library === null ? "" : ` of ${basename(library)}`;
    this.warnings.push(`Missing: ${file}, used by the ${kind} "${name}"${from}.`);
  }
}

const cachePlace = (path: string) => `caches/${basename(path)}`;

function describeMatches({ matches }: CacheMatches): string[] {
  return [...matches].map(
    ([{ name, raw }, cache]) => `${name} now reads ${cachePlace(cache.path)} instead of ${raw}.`,
  );
}

function describeMisfits({ matches, ambiguous, unmatched, unused }: CacheMatches): string[] {
  const rename = 'Give the cache the file name that the .blend uses, with groups={"name": [nodes]}.';
  return [
    ...ambiguous.map(
      ({ reference: { name, raw }, caches }) =>
        `${name} (${raw}) could read ${caches.map((cache) => basename(cache.path)).join(" or ")}: it was not changed. ${rename}`,
    ),
    ...unmatched.map(
      ({ name, raw }) => `${name} (${raw}) has no matching cache from Maya: it was not changed. ${rename}`,
    ),
    ...unused.map(({ path }) => `Nothing in the .blend reads ${basename(path)}.`),
    ...[...matches]
      .filter(([{ raw }, { path }]) => extname(raw).toLowerCase() !== extname(path).toLowerCase())
      .map(
        ([{ name, raw }, { path }]) =>
          `${name} changes from ${extname(raw)} to ${extname(path)}: the object paths must be the same in both.`,
      ),
  ];
}

/** Caches have units and an up axis, and the `.blend` was made for them: differences are reported, not changed. */
function describeUnits({ facts }: JobRequest, blend: BlendFacts, { matches }: CacheMatches): string[] {
  const warnings: string[] = [];
  const { metersPerUnit, linearUnit, upAxis } = facts;
  if (upAxis === "z") {
    warnings.push(
      "This Maya scene is z-up, but Alembic caches are read as y-up: check that nothing lies on its side.",
    );
  }
  if (metersPerUnit === null) return warnings;
  const expected = metersPerUnit / blend.sceneScale;
  for (const { kind, name } of matches.keys()) {
    const scale = blend.cacheScales[name];
    if (kind !== "cache" || scale === undefined || Math.abs(scale - expected) < SCALE_TOLERANCE) continue;
    warnings.push(
      `${name} is scaled by ${round(scale)}, while 1 ${linearUnit} of Maya is ${round(expected)} in Blender. It was not changed: ` +
        "the .blend was made for it.",
    );
  }
  return warnings;
}

const round = (value: number) => Number(value.toPrecision(6));

/** Checks the copy as it is on disk: each path has to lead to a file in the archive. */
function checkCopy(paths: readonly Reference[], root: string, missing: ReadonlySet<string>): string[] {
  return paths.flatMap(({ name, raw, file, span, library }) => {
    const inside = relative(root, file);
    const isInside = !inside.startsWith("..") && raw.startsWith("//");
    if (!isInside && library === null) return [`${name} still reads ${raw}, which is not in the archive.`];
    const isThere =
      span !== "file" || existsSync(file) || [...missing].some((path) => basename(path) === basename(file));
    return isThere ? [] : [`${name} reads ${inside.split(sep).join("/")}, which is not in the archive.`];
  });
}

function nothingMatches(blend: string, { references }: BlendFacts, { caches }: JobRequest): ConfigError {
  const read = references.filter(({ kind }) => kind === "cache" || kind === "mesh-cache");
  const has =
    read.length === 0 ? "does not read a cache" : `reads ${read.map(({ raw }) => basename(raw)).join(", ")}`;
  return new ConfigError({
    code: "invalid_option",
    option: "caches",
    message: `${basename(blend)} ${has}; Maya's caches are ${caches.map(({ path }) => basename(path)).join(", ")}. None of them matches.`,
    hint: 'Use the same names: groups={"hero": ["|hero_grp"]} writes hero.abc. Or pass existing caches: caches=["…/hero.abc"].',
  });
}
