import type { DownloadedFile, DownloadSummary } from "./download-event.ts";

/**
 * The downloaded frames, without compositor archives and videos, in frame order.
 *
 * @example
 * const summary = await client.download(jobId, { outDir: "renders" });
 * console.log(frameFiles(summary).map(({ path }) => path));
 */
export function frameFiles({ files }: Pick<DownloadSummary, "files">): DownloadedFile[] {
  return files
    .filter(({ frame }) => frame !== undefined)
    .sort((one, other) => (one.frame ?? 0) - (other.frame ?? 0));
}
