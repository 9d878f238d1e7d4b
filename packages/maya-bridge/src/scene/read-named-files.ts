import { readBlendContent } from "./read-blend-content.ts";

const CACHES = "abc|usd[acz]?|mdd|pc2";
const OTHERS =
  "png|jpe?g|tiff?|exr|hdr|tga|bmp|webp|dds|psd|jp2|cin|dpx|mp4|mov|avi|mkv|vdb|blend|ttf|otf|ttc|ies";
const CACHE = new RegExp(`\\.(?:${CACHES})$`, "i");
/** A path as Blender stores it: zero-terminated text in a field of 1024 bytes. */
const PATH = new RegExp(
  `(?://|/|[A-Za-z]:[\\\\/]|\\\\\\\\)(?:[^\\0-\\x1f"*<>|]|<UDIM>|<UVTILE>){0,1000}?\\.(?:${CACHES}|${OTHERS})(?=\\0)`,
  "gi",
);
/** Longer than any path. Carried from one chunk to the next, so that no path is cut. */
const OVERLAP = 2048;

export function isCache(path: string): boolean {
  return CACHE.test(path);
}

/**
 * The caches, images, volumes, fonts and linked scenes that a `.blend` refers to, as written there. Found by what looks
 * like a path, so packed or unused files may be among them.
 *
 * @returns undefined if the file is not a `.blend`, or cannot be unpacked
 */
export async function readNamedFiles(blend: string): Promise<string[] | undefined> {
  const found = new Set<string>();
  let kept = "";
  try {
    for await (const chunk of readBlendContent(blend)) {
      const text = kept + chunk.toString("latin1");
      for (const [path] of text.matchAll(PATH)) found.add(Buffer.from(path, "latin1").toString("utf8"));
      kept = text.slice(-OVERLAP);
    }
  } catch {
    return undefined;
  }
  return [...found].sort();
}
