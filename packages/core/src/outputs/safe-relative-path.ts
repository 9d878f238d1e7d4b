import { DownloadError } from "../errors/index.ts";
import { trimEndOf } from "../trim-end-of.ts";

/** File systems take 255 bytes a name; a temporary ending needs room too. */
const MAX_NAME_CHARACTERS = 120;
const WINDOWS_DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?$/i;
/** Controls, invisible characters and what Windows forbids. */
const FORBIDDEN_CHARACTERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>:"|?*]/gu;

/**
 * Makes a name from a remote side safe to write below a folder, on any operating system: no way up, no drive, no
 * device, no invisible characters. Harmless names come out as they went in.
 *
 * @returns a relative path with `/`
 * @throws DownloadError `unsafe_path` when nothing of the name is left.
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
    message: `The farm offers a file whose name cannot be used: ${JSON.stringify(name.slice(0, 200))}.`,
    hint: "Rename the output in the scene and render again, or fetch the file from the Renderjuice dashboard.",
  });
}

function safeSegment(segment: string): string {
  const visible = segment.toWellFormed().replace(FORBIDDEN_CHARACTERS, "_").trim();
  // Windows drops dots and spaces at the end, and "." and ".." are no names. Hidden files configure programs.
  const trimmed = trimEndOf(visible, ". ").replace(/^\.+/, "_");
  const name = WINDOWS_DEVICES.test(trimmed) ? `_${trimmed}` : trimmed;
  return shorten(name);
}

/** Cuts the middle: the end holds frame number and extension. */
function shorten(name: string): string {
  const characters = [...name];
  if (characters.length <= MAX_NAME_CHARACTERS) return name;
  const keptAtEnd = 40;
  const start = characters.slice(0, MAX_NAME_CHARACTERS - keptAtEnd - 1).join("");
  return `${start}~${characters.slice(-keptAtEnd).join("")}`;
}
