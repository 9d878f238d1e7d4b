import type { Downloads, Output } from "../contract/index.ts";
import { DownloadError } from "../errors/index.ts";
import { type FrameNumber, readFrameNumbers } from "./frame-numbers.ts";
import { safeRelativePath } from "./safe-relative-path.ts";
import { UniquePaths } from "./unique-paths.ts";

/** What an output is. */
export type OutputKind = "frame" | "compositeNode" | "framesZip" | "compositeNodesZip" | "video";

/** A file to download, and where it goes. */
export interface PlannedOutput {
  readonly kind: OutputKind;
  readonly url: string;
  /** Relative to the output folder, with `/`. Safe, and unique on any file system. */
  readonly relativePath: string;
  /** From the farm or from the file name; absent for files that do not belong to a frame. */
  readonly frame?: number | undefined;
  /** The farm's name with `#` for the frame number, if it has one. All frames of an image share it. */
  readonly sequence?: string | undefined;
  readonly view?: string | undefined;
  readonly compositeNodeName?: string | undefined;
}

/** A file that cannot be downloaded at all, and why. */
interface RefusedOutput {
  /** The farm's name for it. */
  readonly name: string;
  readonly error: DownloadError;
}

export interface OutputPlan {
  readonly outputs: readonly PlannedOutput[];
  /** Files whose names are unusable on any file system. */
  readonly refused: readonly RefusedOutput[];
}

/**
 * Turns the lists of a job into files to download, without duplicates. The newer lists have names and are preferred; the
 * older ones fill the gaps.
 *
 * @param expected the frames that the job was to render, if known. They help to read frame numbers from names
 * @example
 * const { outputs, refused } = planOutputs(await client.jobs.downloads(jobId));
 * for (const { relativePath, frame } of outputs) console.log(relativePath, frame);
 */
export function planOutputs(downloads: Downloads, expected?: readonly number[]): OutputPlan {
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
  const taken = new UniquePaths();
  const frames = numberFrames(candidates, expected);
  const outputs: PlannedOutput[] = [];
  const refused: RefusedOutput[] = [];
  for (const [index, candidate] of candidates.entries()) {
    try {
      outputs.push(plan(candidate, frames[index], taken));
    } catch (error) {
      if (!DownloadError.isInstance(error)) throw error;
      refused.push({ name: nameOf(candidate.output), error });
    }
  }
  return { outputs, refused };
}

interface Candidate {
  readonly kind: OutputKind;
  readonly output: Output;
}

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
  return [...unique.values()].map((output) => ({ kind, output }));
}

/** A URL without its signature: the same location with another token is the same file. */
function locationOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname, search } = new URL(url);
  // Some hosts name the file in the query, which is then the only difference between two files.
  return /\/[^/]+\.\w+$/.test(pathname) ? origin + pathname : origin + pathname + search;
}

function plan(
  { kind, output }: Candidate,
  number: Partial<FrameNumber> | undefined,
  taken: UniquePaths,
): PlannedOutput {
  const { url, view, compositeNodeName } = output;
  return {
    kind,
    url,
    relativePath: taken.add(safeRelativePath(nameOf(output))),
    ...number,
    view: view || undefined,
    compositeNodeName: compositeNodeName || undefined,
  };
}

/** The frame numbers from the farm, and those from the names for the rest. */
function numberFrames(
  candidates: readonly Candidate[],
  expected: readonly number[] | undefined,
): (Partial<FrameNumber> | undefined)[] {
  const read = readFrameNumbers(
    candidates.map(({ kind, output }) => ({
      path: nameOf(output).replaceAll("\\", "/"),
      series: JSON.stringify([kind, output.view, output.compositeNodeName]),
      view: output.view ?? undefined,
    })),
    expected,
  );
  return candidates.map(({ kind, output }, index) => {
    if (kind !== "frame" && kind !== "compositeNode") return undefined;
    const declared = readDeclaredFrame(output);
    return declared === undefined || declared === read[index]?.frame ? read[index] : { frame: declared };
  });
}

function readDeclaredFrame({ frame, frameNumber }: Output): number | undefined {
  const [declared] = [frame, frameNumber]
    .map((value) => (typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value))
    .filter((value) => Number.isSafeInteger(value));
  return declared as number | undefined;
}

function nameOf({ relativePath, fileName, url }: Output): string {
  return relativePath || fileName || nameFromUrl(url);
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

/** One output, a list of them or a map. */
function readOutputs(value: unknown): Output[] {
  if (Array.isArray(value)) return value.flatMap(readOutputs);
  if (typeof value !== "object" || value === null) return [];
  return "url" in value && typeof value.url === "string"
    ? [value as Output]
    : Object.values(value).flatMap(readOutputs);
}

/** The shape of `video` is not documented, so any URL in it is used. */
function readUrls(value: unknown): string[] {
  if (typeof value === "string") return /^https?:\/\//.test(value) ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(readUrls) : [];
}
