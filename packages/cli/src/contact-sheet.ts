import { resolve } from "node:path";
import type { DownloadSummary } from "@renderjuice/core";
import { count } from "@renderjuice/core/adapter";

/** Draws the frames of a download, where there are any. @returns the path of the sheet */
export async function drawSheet(
  { files }: DownloadSummary,
  contactSheet: string | undefined,
): Promise<string | undefined> {
  const frames = files.filter(({ frame }) => frame !== undefined).map(({ path }) => path);
  if (contactSheet === undefined || frames.length === 0) return undefined;
  const outFile = resolve(contactSheet);
  // Image libraries are no small thing, and most commands never draw a sheet.
  const { createContactSheet } = await import("@renderjuice/frames");
  await createContactSheet({ files: frames, outFile });
  return outFile;
}

/** What a download has brought, and the sheet that was drawn of it. */
export function describeFiles({ files, outDir }: DownloadSummary, sheet: string | undefined): string {
  const text = `${count(files.length, "file")} in ${outDir}`;
  return sheet === undefined ? text : `${text}\nContact sheet: ${sheet}`;
}
