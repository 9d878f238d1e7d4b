import { DownloadError } from "../errors/index.ts";
import type { ByteSource } from "../scene/byte-source.ts";
import type { Checks } from "./structure/checks.ts";
import { findStructureProblem } from "./structure/find-structure-problem.ts";

export interface ReceivedFile {
  readonly content: ByteSource;
  /** Whether its length was told, by the host or by its packing. */
  readonly isLengthKnown: boolean;
  readonly checks?: Checks | undefined;
}

/** Says why what has arrived is not the file, in words that follow "it"; undefined when it is. */
export async function findProblem(fileName: string, received: ReceivedFile): Promise<string | undefined> {
  const { content, isLengthKnown, checks } = received;
  const { problem, isProven } = await findStructureProblem(fileName, content, checks);
  if (problem !== undefined || isLengthKnown || isProven) return problem;
  return "may be cut off: neither the host nor its content says how long it is";
}

export function corruptFile(fileName: string, problem: string): DownloadError {
  return new DownloadError({
    code: "download_corrupt",
    message: `${fileName} was downloaded, but it ${problem}.`,
    hint: "Download again. If it stays so, the file is broken on the farm: render that frame again.",
    file: fileName,
  });
}
