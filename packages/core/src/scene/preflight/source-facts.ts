import type { RenderConfig, SourceFileType } from "../../contract/index.ts";
import type { PreflightIssue } from "./preflight-issue.ts";

/**
 * How much of a file's beginning and end the rules want to see: every magic number, the last block of a `.blend`, the
 * end records of a zip with the longest comment there can be.
 */
export const END_BYTES = 66 * 1024;

/** What the rules look at. Whoever can read the source fills it; what is left out is not checked. */
export interface SourceFacts {
  readonly fileName: string;
  readonly fileType: SourceFileType;
  readonly sizeBytes: number;
  /** The first and the last bytes of the file: up to `END_BYTES` each. */
  readonly head?: Uint8Array | undefined;
  readonly tail?: Uint8Array | undefined;
  /** Of a compressed `.blend`: whether it is there to its end. Left out where nobody has looked through it. */
  readonly packing?: "whole" | "cut off" | "damaged" | undefined;
  readonly zipEntries?: readonly ZipEntryFacts[] | undefined;
  /** Why the archive's table of contents cannot be read. */
  readonly zipProblem?: string | undefined;
  /** Files in the archive that were looked into: its scenes, and what is small enough for a Git LFS pointer. */
  readonly insides?: readonly InsideFacts[] | undefined;
  /** Images that end before their content does, as far as they were looked into; those of 0 bytes are seen without. */
  readonly brokenImages?: readonly BrokenImage[] | undefined;
  /** What is in the folder, and is not packed. */
  readonly leftOut?: readonly LeftOut[] | undefined;
  /** The `.blend` to render, by its name in the archive, where the caller has named it. */
  readonly mainScene?: string | undefined;
  readonly config?: RenderConfig | undefined;
}

export interface ZipEntryFacts {
  /** As it stands in the archive. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly compressedBytes: number;
  readonly isEncrypted: boolean;
  /** The number that PKWARE gave it: 0 is stored, 8 is deflated. */
  readonly method: number;
  /** A symbolic link of Unix. */
  readonly isLink: boolean;
  /** False when the name is in a code page that the archive does not tell. */
  readonly isNameUnicode: boolean;
}

export interface InsideFacts {
  /** As it stands in the archive. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly head?: Uint8Array | undefined;
  readonly tail?: Uint8Array | undefined;
  /** As of a single `.blend`. */
  readonly packing?: "whole" | "cut off" | "damaged" | undefined;
  /** Why it cannot be unpacked. */
  readonly problem?: string | undefined;
}

export interface BrokenImage {
  /** As it stands in the archive. */
  readonly name: string;
  /** In words that follow "it": `is cut off`. */
  readonly problem: string;
}

export interface LeftOut {
  /** Below the folder, with `/`. */
  readonly name: string;
  readonly reason:
    | "secret"
    | "output-folder"
    | "downloaded"
    | "link-outside"
    | "link-broken"
    | "link-loop"
    | "special-file"
    | "unreadable"
    | "unusable-name"
    | "too-many";
}

/** A rule looks at the facts and names what it finds. */
export type PreflightRule = (facts: SourceFacts) => readonly PreflightIssue[];
