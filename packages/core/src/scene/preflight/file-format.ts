/** The format of a file, according to its first bytes. */
export type FileFormat =
  | "blend"
  | "gzip"
  | "zstd"
  | "zip"
  | "git-lfs pointer"
  | "HTML page"
  | "XML text"
  | "7z archive"
  | "rar archive"
  | "FBX scene"
  | "Maya scene"
  | "Windows program"
  | "PNG image"
  | "JPEG image"
  | "EXR image"
  | "unknown";

const SIGNATURES: readonly (readonly [FileFormat, string | readonly number[]])[] = [
  ["blend", "BLENDER"],
  ["gzip", [0x1f, 0x8b]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
  ["zip", [0x50, 0x4b, 0x03, 0x04]],
  // An archive with no entries.
  ["zip", [0x50, 0x4b, 0x05, 0x06]],
  ["git-lfs pointer", "version https://git-lfs"],
  // From before Git LFS had its name.
  ["git-lfs pointer", "version https://hawser.github.com/spec/v1"],
  ["HTML page", "<!DOCTYPE"],
  ["HTML page", "<!doctype"],
  ["HTML page", "<html"],
  ["XML text", "<?xml"],
  ["7z archive", [0x37, 0x7a, 0xbc, 0xaf]],
  ["rar archive", "Rar!"],
  ["FBX scene", "Kaydara FBX"],
  ["Windows program", "MZ"],
  ["PNG image", [0x89, 0x50, 0x4e, 0x47]],
  ["JPEG image", [0xff, 0xd8, 0xff]],
  ["EXR image", [0x76, 0x2f, 0x31, 0x01]],
  ["Maya scene", "//Maya"],
  ["Maya scene", "FOR4"],
  ["Maya scene", "FOR8"],
];

/**
 * The format of a file, from its first bytes.
 *
 * @example
 * detectFormat(new TextEncoder().encode("BLENDER-v402"));
 */
export function detectFormat(head: Uint8Array): FileFormat {
  return SIGNATURES.find(([, signature]) => startsWith(head, signature))?.[0] ?? "unknown";
}

function startsWith(bytes: Uint8Array, signature: string | readonly number[]): boolean {
  const expected = typeof signature === "string" ? [...signature].map((c) => c.charCodeAt(0)) : signature;
  return expected.every((byte, index) => bytes[index] === byte);
}

/** Whether `bytes` contains the ASCII text. */
export function includesText(bytes: Uint8Array, text: string): boolean {
  const expected = [...text].map((c) => c.charCodeAt(0));
  for (let start = bytes.length - expected.length; start >= 0; start--) {
    if (expected.every((byte, index) => bytes[start + index] === byte)) return true;
  }
  return false;
}
