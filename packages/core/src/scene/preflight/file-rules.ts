import { MAX_UPLOAD_BYTES, type SourceFileType } from "../../contract/index.ts";
import { detectFormat, type FileFormat, includesText } from "./file-format.ts";
import type { PreflightIssue } from "./preflight-issue.ts";
import type { SourceFacts } from "./source-facts.ts";

/** Shorter than the header and first block of any `.blend`. */
const MIN_BLEND_BYTES = 64;
const ZSTD_SEEK_TABLE_END = 0x8f92eab1;
const BLEND_FORMATS: readonly FileFormat[] = ["blend", "gzip", "zstd"];

/** A file to check: the submitted file, or a scene inside it. */
export type FileFacts = Pick<
  SourceFacts,
  "fileName" | "fileType" | "sizeBytes" | "head" | "tail" | "packing"
>;

export function checkExtension({ fileName, fileType, head }: SourceFacts): PreflightIssue[] {
  const extension = extensionOf(fileName);
  if (extension === fileType) return [];
  const format = head === undefined ? "unknown" : detectFormat(head);
  const isShown = format !== "unknown" && ![...BLEND_FORMATS, "zip"].includes(format);
  return [
    {
      ruleId: "file-extension",
      severity: "error",
      message: `${fileName} is neither a .blend nor a .zip${isShown ? `: it is ${article(format)}` : ""}.`,
      fix: adviseExtension(extension),
      path: fileName,
    },
  ];
}

function extensionOf(fileName: string): string {
  return fileName.slice(fileName.lastIndexOf(".") + 1).toLowerCase();
}

function adviseExtension(extension: string): string {
  if (/^blend\d+$/.test(extension))
    return "This is one of Blender's backups. Submit the .blend itself, or rename the backup to .blend.";
  if (
    ["ma", "mb", "fbx", "c4d", "max", "hip", "usd", "usdc", "abc", "obj", "gltf", "glb"].includes(extension)
  ) {
    return "The farm only renders Blender scenes. Import it into Blender and save a .blend.";
  }
  return "Save the scene as .blend, or pack it with its textures into a .zip.";
}

export function checkSize({ fileName, sizeBytes }: FileFacts): PreflightIssue[] {
  if (sizeBytes === 0) {
    return [
      {
        ruleId: "file-empty",
        severity: "error",
        message: `${fileName} is empty.`,
        fix: "Save the scene again, and check that the disk is not full.",
        path: fileName,
      },
    ];
  }
  if (sizeBytes < MAX_UPLOAD_BYTES) return [];
  const gibibytes = (sizeBytes / 1024 ** 3).toFixed(2);
  return [
    {
      ruleId: "file-too-large",
      severity: "error",
      message: `${fileName} is ${gibibytes} GiB; uploads must be smaller than 5 GiB.`,
      fix: "Save with compression, remove unused data (File > Clean Up > Purge), or bake less into the caches.",
      path: fileName,
    },
  ];
}

export function checkFormat({ fileName, fileType, head, sizeBytes }: FileFacts): PreflightIssue[] {
  // A wrong extension is reported by itself.
  if (!head || sizeBytes === 0 || extensionOf(fileName) !== fileType) return [];
  const format = detectFormat(head);
  const isRight = fileType === "zip" ? format === "zip" : BLEND_FORMATS.includes(format);
  if (isRight) return [];
  return [
    {
      ruleId: "file-format",
      severity: "error",
      message: `${fileName} is not a ${fileType === "zip" ? "zip archive" : "Blender scene"}${format === "unknown" ? "" : ` but ${article(format)}`}.`,
      fix: adviseFormat(format, fileType),
      path: fileName,
    },
  ];
}

function article(format: FileFormat): string {
  return `${/^[aeioFHX]/.test(format) ? "an" : "a"} ${format}`;
}

function adviseFormat(format: FileFormat, fileType: SourceFileType): string {
  switch (format) {
    case "git-lfs pointer":
      return "The actual file is in Git LFS: run `git lfs pull` first (in GitHub Actions, check out with lfs: true).";
    case "HTML page":
    case "XML text":
      return "This looks like an error page that was saved by a download. Download the scene again.";
    case "zip":
      return "Rename it to .zip.";
    case "blend":
    case "gzip":
    case "zstd":
      return "Rename it to .blend if it is a scene.";
    default:
      return fileType === "zip"
        ? "Pack it again. Self-extracting and split archives are not supported."
        : "Open it in Blender and save it again.";
  }
}

/** An interrupted copy or save lacks the end. */
export function checkTruncation(facts: FileFacts): PreflightIssue[] {
  const { fileName, head, tail, sizeBytes, packing } = facts;
  if (!head || !tail || sizeBytes === 0) return [];
  const format = detectFormat(head);
  const isDamaged = packing === "damaged";
  if (!isDamaged && !isCutOff(format, facts, tail)) return [];
  return [
    {
      ruleId: "file-truncated",
      // Blender ends zstd files with a seek table, but files from other programs may be complete without one.
      severity: format === "zstd" && packing === undefined ? "warning" : "error",
      message: isDamaged
        ? `${fileName} is damaged: it cannot be decompressed.`
        : `${fileName} is cut off: its end is missing.`,
      fix:
        format === "zip"
          ? "Wait until it has been copied completely, or pack it again."
          : "Wait until it has been saved or copied completely, or use an intact copy (Blender keeps the previous version as .blend1).",
      path: fileName,
    },
  ];
}

function isCutOff(format: FileFormat, { sizeBytes, packing }: FileFacts, tail: Uint8Array): boolean {
  switch (format) {
    case "blend":
      return sizeBytes < MIN_BLEND_BYTES || !includesText(tail, "ENDB");
    case "zip":
      return !includesText(tail, "PK\u0005\u0006");
    case "gzip":
      return packing === "cut off" || lastUint32(tail) < MIN_BLEND_BYTES;
    case "zstd":
      return packing === "cut off" || (packing === undefined && !hasSeekTable(tail));
    default:
      return false;
  }
}

/** Whether a zstd file ends the way Blender ends it. */
export function hasSeekTable(tail: Uint8Array): boolean {
  return lastUint32(tail) === ZSTD_SEEK_TABLE_END;
}

/** In gzip, the content length modulo 2^32; in seekable zstd, a magic number. */
function lastUint32(tail: Uint8Array): number {
  if (tail.byteLength < 4) return 0;
  return new DataView(tail.buffer, tail.byteOffset, tail.byteLength).getUint32(tail.byteLength - 4, true);
}
