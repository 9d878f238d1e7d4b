import { createHash } from "node:crypto";
import type { Source } from "../../scene/source.ts";

/**
 * Identifies a scene independently of where and when it was checked out: the same name and content give the same
 * fingerprint. Reads the whole source.
 *
 * @returns 64 hexadecimal digits
 * @example
 * const fingerprint = await fingerprintSource(await openSource("shot.blend"));
 */
export async function fingerprintSource(source: Source, signal?: AbortSignal): Promise<string> {
  const hash = createHash("sha256").update(`${source.fileName}\0`);
  for await (const chunk of source.open()) {
    signal?.throwIfAborted();
    hash.update(chunk);
  }
  return hash.digest("hex");
}
