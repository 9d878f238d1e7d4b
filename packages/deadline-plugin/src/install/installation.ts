import { createHash } from "node:crypto";
import { access, copyFile, mkdir, readdir, readFile, rm, rmdir } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { replaceFile } from "@renderjuice/core/adapter/node";
import { checkInside, invalid } from "./paths.ts";
import { RECEIPT, type Receipt, readReceipt, writeReceipt } from "./receipt.ts";

const BUNDLE = "renderjuice-deadline.cjs";

export interface InstallOptions {
  /** Of this package. */
  readonly packageRoot: string;
  readonly version: string;
  /** Of Deadline. */
  readonly repository: string;
}

export interface Inspection {
  /** Undefined when nothing is installed. */
  readonly installedVersion: string | undefined;
  /** Paths below the repository, with `/`. */
  readonly missing: readonly string[];
  /** Different from this version: from another version, or changed by hand. */
  readonly different: readonly string[];
  /** Changed since they were installed. */
  readonly changedByHand: readonly string[];
}

/** Compares what is installed in a repository with this package. @throws ConfigError */
export async function inspect(options: InstallOptions): Promise<Inspection> {
  await checkRepository(options.repository);
  const receipt = await readReceipt(options.repository);
  const sources = await listSources(options.packageRoot);
  await checkInside(options.repository, sources.keys());
  const missing: string[] = [];
  const different: string[] = [];
  for (const [path, source] of sources) {
    const installed = await hashFile(join(options.repository, path));
    if (installed === undefined) missing.push(path);
    else if (installed !== (await hashFile(source))) different.push(path);
  }
  // An interrupted install leaves files of this version, and the receipt of the previous one.
  const isOurs = (path: string) => sources.has(path) && !different.includes(path);
  const changedByHand = (await findChanged(options.repository, receipt)).filter((path) => !isOurs(path));
  return { installedVersion: receipt?.version, missing, different, changedByHand };
}

/**
 * Copies the plugins into a repository, each file atomically, since Workers may be copying them. A file that was
 * changed by hand is kept next to the new one, as `.before-renderjuice-VERSION`.
 *
 * @returns the paths of the kept files
 * @throws ConfigError if the folder is not a repository or the bundle is not built.
 */
export async function install(options: InstallOptions): Promise<string[]> {
  const { changedByHand } = await inspect(options);
  const sources = await listSources(options.packageRoot);
  const files: Record<string, string> = {};
  const kept: string[] = [];
  for (const path of changedByHand) {
    kept.push(`${path}.before-renderjuice-${options.version}`);
    await copyFile(join(options.repository, path), join(options.repository, kept.at(-1) ?? ""));
  }
  for (const [path, source] of sources) {
    await copyTo(join(options.repository, path), source);
    files[path] = (await hashFile(source)) ?? "";
  }
  await removeStale(options.repository, await readReceipt(options.repository), files);
  await writeReceipt(options.repository, { version: options.version, files });
  return kept;
}

/** Removes what was installed, except what was changed by hand. @returns removed and kept paths @throws ConfigError */
export async function uninstall(repository: string): Promise<{ removed: string[]; kept: string[] }> {
  await checkRepository(repository);
  const receipt = await readReceipt(repository);
  if (!receipt) throw invalid("repository", `Renderjuice is not installed in ${repository}.`, "");
  const kept = await findChanged(repository, receipt);
  const removed = Object.keys(receipt.files).filter((path) => !kept.includes(path));
  for (const path of [...removed, RECEIPT]) await removeFile(repository, path);
  return { removed, kept };
}

/** By path below the repository. */
async function listSources(packageRoot: string): Promise<Map<string, string>> {
  const root = join(packageRoot, "repository");
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const sources = new Map<string, string>();
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !path.includes("__pycache__")) {
      sources.set(
        path
          .slice(root.length + 1)
          .split(sep)
          .join("/"),
        path,
      );
    }
  }
  const bundle = join(packageRoot, "dist", BUNDLE);
  await access(bundle).catch(() => {
    throw invalid("install", `${bundle} is not built.`, "Run `pnpm build` in the package first.");
  });
  return sources.set(`custom/plugins/Renderjuice/${BUNDLE}`, bundle);
}

async function checkRepository(repository: string): Promise<void> {
  for (const folder of ["custom", "plugins"]) {
    await access(join(repository, folder)).catch(() => {
      throw invalid(
        "repository",
        `${repository} is not a Deadline repository: it has no folder "${folder}".`,
        "Give the folder that holds `custom`, `events` and `plugins`; `deadlinecommand -GetRepositoryRoot` prints its path.",
      );
    });
  }
}

async function findChanged(repository: string, receipt: Receipt | undefined): Promise<string[]> {
  const changed: string[] = [];
  for (const [path, hash] of Object.entries(receipt?.files ?? {})) {
    const now = await hashFile(join(repository, path));
    if (now !== undefined && now !== hash) changed.push(path);
  }
  return changed;
}

/** Files of an earlier version that no longer exist. */
async function removeStale(
  repository: string,
  receipt: Receipt | undefined,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const stale = Object.keys(receipt?.files ?? {}).filter((path) => !(path in files));
  for (const path of stale) await removeFile(repository, path);
}

async function removeFile(repository: string, path: string): Promise<void> {
  await rm(join(repository, path), { force: true });
  // Folders that others use are not empty, so they stay.
  await rmdir(dirname(join(repository, path))).catch(() => undefined);
}

async function copyTo(target: string, source: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await replaceFile(target, await readFile(source));
}

async function hashFile(path: string): Promise<string | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  return bytes && createHash("sha256").update(bytes).digest("hex");
}
