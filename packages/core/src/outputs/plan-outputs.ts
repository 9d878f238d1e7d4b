import type { Downloads, Output } from "../schemas/index.ts";
import { safeRelativePath } from "./safe-relative-path.ts";

export type OutputKind = "frame" | "compositeNode" | "framesZip" | "compositeNodesZip" | "video";

/** A file to fetch, and where it goes. */
export interface PlannedOutput {
  readonly kind: OutputKind;
  readonly url: string;
  /** Below the output folder, with `/`; safe, and no two are the same on any file system. */
  readonly relativePath: string;
  /** Read from the file's name; absent for files that are not of one frame. */
  readonly frame?: number;
  readonly view?: string;
  readonly compositeNodeName?: string;
}

/**
 * Turns the lists of a job into files to fetch, each once: the newer lists have names and are preferred, the older ones
 * fill in what they lack.
 */
export function planOutputs(downloads: Downloads): PlannedOutput[] {
  const { transforms } = downloads;
  const candidates = [
    ...listed("frame", downloads.frameOutputs, downloads.frames),
    ...listed("compositeNode", downloads.compositeNodeOutputs, downloads.compositeNodes),
    ...listed("framesZip", readOutputs(transforms?.framesZipOutputs), [transforms?.framesZip]),
    ...listed("compositeNodesZip", readOutputs(transforms?.compositeNodesZipOutputs), [
      transforms?.compositeNodesZip,
    ]),
    ...listed("video", [], readUrls(transforms?.video)),
  ];
  const taken = new Set<string>();
  return candidates.map(([kind, output]) => plan(kind, output, taken));
}

type Candidate = readonly [OutputKind, Output];

function listed(
  kind: OutputKind,
  outputs: readonly Output[] | null | undefined,
  urls: readonly (string | null | undefined)[] | null | undefined,
): Candidate[] {
  const older = (urls ?? []).flatMap((url) => (url ? [{ url }] : []));
  const unique = new Map<string, Output>();
  for (const output of [...(outputs ?? []), ...older]) {
    const identity = locationOf(output.url);
    if (!unique.has(identity)) unique.set(identity, output);
  }
  return [...unique.values()].map((output) => [kind, output]);
}

/** A URL without its signature: the same place with another token is the same file. */
function locationOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname, search } = new URL(url);
  // Hosts that name the file in the query have nothing but it to tell two files apart.
  return /\/[^/]+\.\w+$/.test(pathname) ? origin + pathname : origin + pathname + search;
}

function plan(kind: OutputKind, output: Output, taken: Set<string>): PlannedOutput {
  const { url, view, compositeNodeName } = output;
  const relativePath = makeUnique(
    safeRelativePath(output.relativePath || output.fileName || nameFromUrl(url)),
    taken,
  );
  const frame = kind === "frame" || kind === "compositeNode" ? readFrameNumber(relativePath) : undefined;
  return {
    kind,
    url,
    relativePath,
    ...(frame !== undefined && { frame }),
    ...(view && { view }),
    ...(compositeNodeName && { compositeNodeName }),
  };
}

function nameFromUrl(url: string): string {
  if (!URL.canParse(url)) return "output";
  const last = new URL(url).pathname.split("/").pop() ?? "";
  try {
    return decodeURIComponent(last) || "output";
  } catch {
    return last;
  }
}

/** The number before the extension or before the name of a view; negative where it begins with its own minus. */
function readFrameNumber(path: string): number | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const [, minus, digits] = /(?:(?<=^|[_.-])(-))?(\d+(?=\.\w+$)|\d{3,}(?=_[A-Za-z]+\.\w+$))/.exec(name) ?? [];
  return digits === undefined ? undefined : Number(`${minus ?? ""}${digits}`);
}

/** Case does not tell names apart on macOS and Windows. */
function makeUnique(path: string, taken: Set<string>): string {
  let candidate = path;
  for (let copy = 2; taken.has(candidate.toLowerCase()); copy++) {
    candidate = path.replace(/(\.[^./]+)?$/, (extension) => `~${copy}${extension}`);
  }
  taken.add(candidate.toLowerCase());
  return candidate;
}

/** One output, a list of them or a map. */
function readOutputs(value: unknown): Output[] {
  if (Array.isArray(value)) return value.flatMap(readOutputs);
  if (typeof value !== "object" || value === null) return [];
  return "url" in value && typeof value.url === "string"
    ? [value as Output]
    : Object.values(value).flatMap(readOutputs);
}

/** The shape of `video` is not documented: any URL in it is taken. */
function readUrls(value: unknown): string[] {
  if (typeof value === "string") return /^https?:\/\//.test(value) ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(readUrls) : [];
}
