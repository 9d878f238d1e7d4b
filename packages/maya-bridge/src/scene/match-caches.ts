import { basename, extname, posix, win32 } from "node:path";
import type { JobRequest } from "../job/job-request.ts";
import type { BlendFacts, Reference } from "./blend-facts.ts";

export type Cache = JobRequest["caches"][number];

const READABLE: Partial<Record<Reference["kind"], readonly Cache["format"][]>> = {
  cache: ["abc", "usd"],
  "mesh-cache": ["mdd", "pc2"],
};

export interface CacheMatches {
  /** Which of the provided caches each reference of the `.blend` will read. */
  readonly matches: ReadonlyMap<Reference, Cache>;
  /** References that match several caches. They are not changed. */
  readonly ambiguous: readonly { readonly reference: Reference; readonly caches: readonly Cache[] }[];
  readonly unmatched: readonly Reference[];
  /** Caches that nothing reads. */
  readonly unused: readonly Cache[];
}

/**
 * Finds the replacement for each cache in the `.blend`: the file with the same name, or else the one whose root in Maya
 * is on the object paths that are read. If several match, people have to decide.
 */
export function matchCaches(
  { references, cacheUsers }: Pick<BlendFacts, "references" | "cacheUsers">,
  caches: readonly Cache[],
): CacheMatches {
  const matches = new Map<Reference, Cache>();
  const ambiguous: { reference: Reference; caches: readonly Cache[] }[] = [];
  const unmatched: Reference[] = [];
  for (const reference of references) {
    const formats = READABLE[reference.kind];
    if (!formats || reference.library !== null) continue;
    const readable = caches.filter(({ format }) => formats.includes(format));
    const paths = reference.kind === "cache" ? (cacheUsers[reference.name] ?? []) : [];
    const found = findCaches(
      reference,
      paths.map(({ path }) => path),
      readable,
    );
    const [only] = found;
    if (only === undefined) unmatched.push(reference);
    else if (found.length > 1) ambiguous.push({ reference, caches: found });
    else matches.set(reference, only);
  }
  const used = new Set(matches.values());
  return { matches, ambiguous, unmatched, unused: caches.filter((cache) => !used.has(cache)) };
}

function findCaches(
  reference: Reference,
  paths: readonly string[],
  caches: readonly Cache[],
): readonly Cache[] {
  const stems = [stemOf(reference.raw), stemOf(reference.name)];
  for (const stem of stems) {
    const named = caches.filter((cache) => stem === cache.name.toLowerCase() || stem === stemOf(cache.path));
    if (named.length > 0) return named;
  }
  return caches.filter(
    ({ roots }) => paths.length > 0 && paths.every((path) => roots.some((root) => isBelow(path, root))),
  );
}

/** For paths of any system. */
function stemOf(path: string): string {
  const name = posix.basename(win32.basename(path));
  return basename(name, extname(name)).toLowerCase();
}

/** Parents and namespaces may differ, but the root's own name has to be on the path. */
function isBelow(path: string, root: string): boolean {
  const name = root.split("|").at(-1)?.split(":").at(-1);
  return path.split("/").some((part) => part.split(":").at(-1) === name);
}
