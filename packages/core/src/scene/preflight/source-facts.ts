import type { ExternalFile } from "../../blend/facts/external-file.ts";
import type { SceneFacts } from "../../blend/facts/scene-facts.ts";
import type { DatablockName } from "../../blend/file/datablock-name.ts";
import type { RenderConfig, SourceFileType } from "../../contract/index.ts";
import type { PreflightIssue } from "./preflight-issue.ts";

/**
 * How much of the beginning and end of a file the rules need: every magic number, the last block of a `.blend`, and the end
 * records of a zip with the longest possible comment.
 */
export const END_BYTES = 66 * 1024;

/** The input of the rules, from whoever can read the source. What is absent is not checked. */
export interface SourceFacts {
  readonly fileName: string;
  /** What the caller gave, in words that begin a sentence: `The folder shots`. @default `fileName` */
  readonly givenAs?: string | undefined;
  readonly fileType: SourceFileType;
  readonly sizeBytes: number;
  /** The first and the last bytes of the file: up to `END_BYTES` each. */
  readonly head?: Uint8Array | undefined;
  readonly tail?: Uint8Array | undefined;
  /** Whether a compressed `.blend` is complete. Absent if that was not checked. */
  readonly packing?: "whole" | "cut off" | "damaged" | undefined;
  readonly zipEntries?: readonly ZipEntryFacts[] | undefined;
  /** Why the archive's table of contents cannot be read. */
  readonly zipProblem?: string | undefined;
  /** What was found in the archive by opening files: its scenes, and at least the files that only stand for another one. */
  readonly insides?: readonly InsideFacts[] | undefined;
  /** Images that are cut off, as far as they were checked. Images of 0 bytes do not need to be listed. */
  readonly brokenImages?: readonly BrokenImage[] | undefined;
  /** What the scene to render says about itself. Absent if it cannot be read. */
  readonly scene?: SceneFacts | undefined;
  /** Files outside the `.blend` that the scene or one of its libraries refers to. Packed files are not listed. */
  readonly references?: readonly SceneReference[] | undefined;
  /** What is in the folder but is not packed. */
  readonly leftOut?: readonly LeftOut[] | undefined;
  /** The name in the archive of the `.blend` to render, if the caller gave one. */
  readonly mainScene?: string | undefined;
  readonly config?: RenderConfig | undefined;
}

export interface ZipEntryFacts {
  /** The name in the archive. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly isEncrypted: boolean;
  /** The number assigned by PKWARE: 0 is stored, 8 is deflated. */
  readonly method: number;
  /** Whether it is a symbolic link (Unix). */
  readonly isLink: boolean;
  /** False if the name is in an unknown code page. */
  readonly isNameUnicode: boolean;
}

export interface InsideFacts {
  /** The name in the archive. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly head?: Uint8Array | undefined;
  readonly tail?: Uint8Array | undefined;
  /** As for a single `.blend`. */
  readonly packing?: "whole" | "cut off" | "damaged" | undefined;
  /** Why it cannot be unpacked. */
  readonly problem?: string | undefined;
}

/** A file outside the `.blend` that the scene refers to. */
export interface SceneReference {
  /** The datablock that refers to it. */
  readonly owner: DatablockName;
  /** The library that refers to it, if it is not the scene itself. */
  readonly usedBy?: string | undefined;
  /** As stored. */
  readonly path: string;
  /** One file, or a sequence, UDIM set or the like. */
  readonly extent: ExternalFile["extent"];
  /** Whether all of it is in the `.blend` or the archive. */
  readonly isSent: boolean;
  /** Files that are used and do not exist. */
  readonly missing: readonly string[];
  /** A name in the same folder that differs only in case. */
  readonly otherCase?: string | undefined;
  /** Whether the path is of another system. */
  readonly isForeign: boolean;
}

export interface BrokenImage {
  /** The name in the archive. */
  readonly name: string;
  /** In words that follow "it": `is cut off`. */
  readonly problem: string;
}

export interface LeftOut {
  /** Relative to the folder, with `/`. */
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

/** A rule checks the facts and returns what it finds. */
export type PreflightRule = (facts: SourceFacts) => readonly PreflightIssue[];
