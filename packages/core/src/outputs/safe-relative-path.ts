import { DownloadError } from "../errors/index.ts";
import { trimEndOf } from "../text/trim-end-of.ts";

/** File systems allow 255 bytes per name. Leaves room for a number that makes the name unique. */
const MAX_NAME_BYTES = 240;
const KEPT_AT_END_BYTES = 60;
const WINDOWS_DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$/i;
/** Control characters, invisible characters and those that Windows forbids. */
const FORBIDDEN_CHARACTERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>:"|?*]/gu;

/**
 * Makes a remote name safe to write below a folder on any operating system: no parent folders, no drives, no devices, no
 * invisible characters. Harmless names are not changed.
 *
 * @returns a relative path with `/`
 * @throws DownloadError `unsafe_path` if nothing is left of the name
 * @example
 * safeRelativePath("../../etc/passwd"); // "etc/passwd"
 */
export function safeRelativePath(name: string): string {
  const segments = name
    .normalize("NFC")
    .replace(/^\\\\\?\\/, "")
    .split(/[/\\]/)
    .map((segment) => safeSegment(segment))
    .filter((segment) => segment !== "");
  if (segments.length > 0) return segments.join("/");
  throw new DownloadError({
    code: "unsafe_path",
    message: `The farm has a file with an unusable name: ${JSON.stringify(name.slice(0, 200))}.`,
    hint: "Rename the output in the scene and render again, or download the file from the Renderjuice dashboard.",
  });
}

function safeSegment(segment: string): string {
  const visible = segment.toWellFormed().replace(FORBIDDEN_CHARACTERS, "_").trim();
  // Windows drops dots and spaces at the end, "." and ".." are not names, and hidden files may configure programs.
  const trimmed = trimEndOf(visible, ". ").replace(/^\.+/, "_");
  const name = WINDOWS_DEVICES.test(trimmed) ? `_${trimmed}` : trimmed;
  return shorten(name);
}

/** Cuts the middle, since the end has the frame number and the extension. A fingerprint keeps the names distinct. */
function shorten(name: string): string {
  if (countBytes(name) <= MAX_NAME_BYTES) return name;
  const middle = `~${fingerprint(name)}~`;
  const end = takeBytes([...name].reverse(), KEPT_AT_END_BYTES)
    .reverse()
    .join("");
  const start = takeBytes([...name], MAX_NAME_BYTES - countBytes(middle + end)).join("");
  return `${start.trimEnd()}${middle}${end.trimStart()}`;
}

/** As many whole characters as fit. */
function takeBytes(characters: readonly string[], maxBytes: number): string[] {
  let bytes = 0;
  const count = characters.findIndex((character) => {
    bytes += countBytes(character);
    return bytes > maxBytes;
  });
  return characters.slice(0, count < 0 ? undefined : count);
}

function countBytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** FNV-1a: enough to keep names distinct. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
