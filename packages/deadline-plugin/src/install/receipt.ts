import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "@renderjuice/core/adapter/node";
import * as z from "zod/v4";
import { checkInside, invalid, isInstallPath } from "./paths.ts";

/** What was installed, so that updating and uninstalling can tell our files from those that were changed by hand. */
export const RECEIPT = "custom/plugins/Renderjuice/installed.json";

const receiptSchema = z.object({
  version: z.string(),
  /** The hash of each file, by its path below the repository. Files are removed by it, so it holds no others. */
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/, "A hash is not valid.")),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** @returns undefined if nothing is installed @throws ConfigError if it is damaged */
export async function readReceipt(repository: string): Promise<Receipt | undefined> {
  const path = join(repository, RECEIPT);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw broken(path, `It cannot be read (${error.code}).`);
  });
  if (text === undefined) return undefined;
  const { data, error } = receiptSchema.safeParse(parseJson(path, text));
  if (!data) throw broken(path, error.issues[0]?.message ?? "");
  const foreign = Object.keys(data.files).find((file) => !isInstallPath(file));
  if (foreign !== undefined)
    throw broken(path, `It names ${JSON.stringify(foreign)}, which this package does not install.`);
  await checkInside(repository, Object.keys(data.files));
  return data;
}

/** Writes atomically. */
export async function writeReceipt(repository: string, receipt: Receipt): Promise<void> {
  await replaceFile(join(repository, RECEIPT), `${JSON.stringify(receipt, null, 2)}\n`);
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw broken(path, text === "" ? "It is empty." : "It is not JSON.");
  }
}

function broken(path: string, reason: string) {
  return invalid(
    "repository",
    `${path}, the record of what was installed, is damaged. ${reason} Nothing was changed.`,
    "Rename it and install again: that writes a new record and replaces every file of the plugins. Back up the files that you changed first, since the installer no longer knows which ones they are.",
  );
}
