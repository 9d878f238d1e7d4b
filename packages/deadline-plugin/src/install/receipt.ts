import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile } from "@renderjuice/core/adapter/node";
import { z } from "zod/v4";
import { checkInside, invalid, isInstallPath } from "./paths.ts";

/** What was installed, so that an update and an uninstall know their own files from those that somebody changed. */
export const RECEIPT = "custom/plugins/Renderjuice/installed.json";

const receiptSchema = z.object({
  version: z.string(),
  /** The hash of each file, by its path below the repository. Files are removed by it, so it must not name others. */
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/, "A hash is not one.")),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** @returns undefined when nothing is installed @throws ConfigError when it cannot be relied upon */
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

/** On disk as a whole or not at all. */
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
    `${path}, which says what was installed, is damaged. ${reason} Nothing was changed.`,
    "Rename it and install again: that writes a new one and replaces every file of the plugins. Copy those that you have changed first, since they are no longer known as changed.",
  );
}
