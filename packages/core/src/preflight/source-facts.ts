import type { RenderConfig, SourceFileType } from "../schemas/index.ts";
import type { PreflightIssue } from "./preflight-issue.ts";

/** What the rules look at. Whoever can read the source fills it; what is left out is not checked. */
export interface SourceFacts {
  readonly fileName: string;
  readonly fileType: SourceFileType;
  readonly sizeBytes: number;
  /** The first and the last bytes of the file: up to 64 KiB each. */
  readonly head?: Uint8Array;
  readonly tail?: Uint8Array;
  readonly zipEntries?: readonly ZipEntryFacts[];
  readonly config?: RenderConfig;
}

export interface ZipEntryFacts {
  /** As it stands in the archive. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly compressedBytes: number;
  readonly isEncrypted: boolean;
}

/** A rule looks at the facts and names what it finds. */
export type PreflightRule = (facts: SourceFacts) => readonly PreflightIssue[];
