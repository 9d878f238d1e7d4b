import { cpSync, globSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { ActionHandler, UsesStep } from "./built-in-actions.ts";
import { newFolder } from "./tracked-processes.ts";

export interface Artifact {
  readonly name: string;
  readonly jobId: string;
  /** Paths within it. */
  readonly files: readonly string[];
  /** Where the files are. */
  readonly folder: string;
}

export interface Artifacts {
  readonly list: Artifact[];
  readonly upload: ActionHandler;
  readonly download: ActionHandler;
}

/** The artifacts of one workflow, as version 4 and later of the artifact actions handle them. */
export function createArtifacts(): Artifacts {
  const root = newFolder("artifacts");
  const list: Artifact[] = [];

  const upload: ActionHandler = (step) => {
    const { name = "artifact", path = "", overwrite } = step.with;
    if (/["*:<>?|\r\n/\\]/.test(name)) throw new Error(`The artifact name is not valid: ${name}.`);
    const found = findFiles(step.workspace, path);
    if (found.files.length === 0) return complainOfNothing(step, path);
    const same = list.findIndex((artifact) => artifact.name === name);
    if (same >= 0 && overwrite !== "true")
      throw new Error(
        `(409) Conflict: an artifact with this name already exists on the workflow run: ${name}`,
      );
    if (same >= 0) list.splice(same, 1);
    const folder = join(root, name);
    rmSync(folder, { recursive: true, force: true });
    const files = found.files.map((file) => relative(found.root, file)).sort();
    for (const file of files) cpSync(join(found.root, file), join(folder, file));
    list.push({ name, jobId: step.jobId, files, folder });
    step.log(`Artifact ${name} has been successfully uploaded! ${files.length} file(s).`);
    const id = String(list.length);
    return { "artifact-id": id, "artifact-url": `https://github.com/artifacts/${id}` };
  };

  const download: ActionHandler = (step) => {
    const { name, pattern = "*", path = ".", "merge-multiple": merge } = step.with;
    const target = resolve(step.workspace, path);
    const names = globSync(pattern, { cwd: root });
    const chosen = list.filter((artifact) => (name ? artifact.name === name : names.includes(artifact.name)));
    if (name && chosen.length === 0) throw new Error(`Artifact not found for name: ${name}`);
    mkdirSync(target, { recursive: true });
    for (const artifact of chosen) {
      const folder = name || merge === "true" ? target : join(target, artifact.name);
      cpSync(artifact.folder, folder, { recursive: true });
    }
    step.log(`Total of ${chosen.length} artifact(s) downloaded.`);
    return { "download-path": target };
  };
  return { list, upload, download };
}

function complainOfNothing(step: UsesStep, path: string): Readonly<Record<string, string>> {
  const message = `No files were found with the provided path: ${path}. No artifacts will be uploaded.`;
  const { "if-no-files-found": reaction = "warn" } = step.with;
  if (reaction === "error") throw new Error(message);
  if (reaction === "warn") step.annotate("warning", message);
  else step.log(message);
  return {};
}

/** The files that match the patterns, and the folder that their paths in the artifact are relative to. */
function findFiles(
  workspace: string,
  path: string,
): { readonly files: readonly string[]; readonly root: string } {
  const patterns = path
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const included = patterns.filter((pattern) => !pattern.startsWith("!"));
  const excluded = patterns.filter((pattern) => pattern.startsWith("!")).map((pattern) => pattern.slice(1));
  const expand = (pattern: string) => globSync(resolve(workspace, pattern)).flatMap(filesOf);
  const unwanted = new Set(excluded.flatMap(expand));
  // Hidden files are left out unless the step includes them, which no workflow here does.
  const isWanted = (file: string) => !unwanted.has(file) && !/(^|\/)\.[^./]/.test(relative(workspace, file));
  const files = [...new Set(included.flatMap(expand))].filter(isWanted);
  const roots = included.map((pattern) => searchPath(resolve(workspace, pattern)));
  return { files, root: commonFolder(roots, files) };
}

function filesOf(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** A pattern up to its first wildcard. */
function searchPath(pattern: string): string {
  const segments = pattern.split("/");
  const wild = segments.findIndex((segment) => /[*?[]/.test(segment));
  return wild < 0 ? pattern : segments.slice(0, wild).join("/");
}

function commonFolder(roots: readonly string[], files: readonly string[]): string {
  const [first = "", ...others] = roots.map((root) => (files.includes(root) ? dirname(root) : root));
  let common = first;
  while (others.some((other) => !`${other}/`.startsWith(`${common}/`)) && basename(common))
    common = dirname(common);
  return common;
}
