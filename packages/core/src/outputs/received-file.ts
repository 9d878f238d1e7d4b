import { DownloadError } from "../errors/index.ts";
import type { ByteSource } from "../scene/byte-source.ts";
import type { Checks } from "./structure/checks.ts";
import { findStructureProblem } from "./structure/find-structure-problem.ts";

export interface ReceivedFile {
  readonly content: ByteSource;
  /** Whether its length is known, from the host or from its compression format. */
  readonly isLengthKnown: boolean;
  readonly checks?: Checks | undefined;
}

/**
 * What is wrong with a received file, in words that follow "it". Undefined if nothing is.
 *
 * @example
 * const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
 * const read = async (offset: number, length: number) => bytes.subarray(offset, offset + length);
 * const content = { sizeBytes: bytes.length, read };
 * const problem = await findProblem("frame_0001.png", { content, isLengthKnown: true });
 */
export async function findProblem(fileName: string, received: ReceivedFile): Promise<string | undefined> {
  const { content, isLengthKnown, checks } = received;
  const { problem, isProven } = await findStructureProblem(fileName, content, checks);
  if (problem !== undefined || isLengthKnown || isProven) return problem;
  return "may be incomplete: neither the host nor its content says how long it is";
}

/**
 * The error for a file that arrived damaged.
 *
 * @example
 * throw corruptFile("frame_0007.png", "is cut off");
 */
export function corruptFile(fileName: string, problem: string): DownloadError {
  return new DownloadError({
    code: "download_corrupt",
    message: `${fileName} was downloaded, but it ${problem}.`,
    hint: "Download again. If it keeps failing, the file is damaged on the farm: render that frame again.",
    file: fileName,
  });
}
