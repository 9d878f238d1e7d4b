import { readBlendContent } from "./read-blend-content.ts";

/** A cache's path as Blender keeps it: text that ends in a zero, in a field of 1024 bytes. */
const CACHE_PATH =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a path holds none
  /(?:\/\/|\/|[A-Za-z]:[\\/]|\\\\)[^\0-\x1f"*<>|]{0,1000}?\.(?:abc|usd[acz]?|mdd|pc2)(?=\0)/gi;
/** Longer than any path. Kept from one chunk to the next, so that none is cut. */
const OVERLAP = 2048;

/**
 * The caches that a `.blend` names, as it names them. Found by their look and not by Blender's structure: a path that is no
 * longer in use may be among them.
 *
 * @returns undefined when the file is no `.blend`, or cannot be unpacked
 */
export async function readCachePaths(blend: string): Promise<string[] | undefined> {
  const found = new Set<string>();
  let kept = "";
  try {
    for await (const chunk of readBlendContent(blend)) {
      const text = kept + chunk.toString("latin1");
      for (const [path] of text.matchAll(CACHE_PATH)) found.add(Buffer.from(path, "latin1").toString("utf8"));
      kept = text.slice(-OVERLAP);
    }
  } catch {
    return undefined;
  }
  return [...found].sort();
}
