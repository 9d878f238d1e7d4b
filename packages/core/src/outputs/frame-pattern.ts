import { ConfigError } from "../errors/index.ts";
import { safeRelativePath } from "./safe-relative-path.ts";

const IMAGE_ENDING = /\.(png|jpe?g|exr|tiff?|tga|bmp|hdr|webp|jp2|dpx|cin)$/i;

/**
 * Names a frame as Blender's output path does (`-o`): the last run of `#` becomes the frame number, padded with zeros.
 * Without one, four digits are appended. The extension of the image is appended, or replaces an existing one.
 *
 * @param pattern a file name only, such as `shot_####`
 * @param original the name of the frame's file, for its extension
 * @throws ConfigError if the pattern contains a folder
 * @example
 * nameFrame("shot_####", 7, "frame_0007.png"); // "shot_0007.png"
 */
export function nameFrame(pattern: string, frame: number, original: string, view?: string): string {
  if (/[/\\]/.test(pattern)) throw namesFolder(pattern);
  const [ending = ""] = /\.\w+$/.exec(original) ?? [];
  const last = [...pattern.matchAll(/#+/g)].at(-1);
  const hashes = last?.[0] ?? "";
  const index = last?.index ?? pattern.length;
  const [before, after] = [pattern.slice(0, index), pattern.slice(index + hashes.length)];
  const digits = `${frame < 0 ? "-" : ""}${String(Math.abs(frame)).padStart(hashes.length || 4, "0")}`;
  const stem = `${before}${digits}${after}`.replace(IMAGE_ENDING, "");
  return safeRelativePath(`${stem}${view ? `_${view}` : ""}${ending}`);
}

function namesFolder(pattern: string): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "framePattern",
    message: `"${pattern}" is not a file name.`,
    hint: "Set the folder as the output folder, and use the pattern without it, such as shot_####.",
  });
}
