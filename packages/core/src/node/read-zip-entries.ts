import yauzl from "yauzl";
import type { SourceFacts } from "../preflight/index.ts";

/** More entries than any scene has: the rest of the list would tell nothing new. */
const MAX_ENTRIES = 200_000;

/** The archive's own table of contents; nothing when it has none that can be read (preflight says so then). */
export async function readZipEntries(path: string): Promise<Pick<SourceFacts, "zipEntries">> {
  try {
    const zip = await yauzl.openPromise(path, { lazyEntries: true, decodeStrings: false });
    const entries: NonNullable<SourceFacts["zipEntries"]>[number][] = [];
    try {
      for await (const entry of zip.eachEntry()) {
        entries.push({
          // Undecoded by the library, which would refuse the hostile names that preflight is to report.
          name: yauzl.getFileNameLowLevel(
            entry.generalPurposeBitFlag,
            entry.fileNameRaw,
            entry.extraFields,
            true,
          ),
          sizeBytes: entry.uncompressedSize,
          compressedBytes: entry.compressedSize,
          isEncrypted: entry.isEncrypted(),
        });
        if (entries.length >= MAX_ENTRIES) break;
      }
    } finally {
      zip.close();
    }
    return { zipEntries: entries };
  } catch {
    return {};
  }
}
