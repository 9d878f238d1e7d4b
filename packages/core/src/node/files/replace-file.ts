import { resolve } from "node:path";
import { PartFile } from "../download/part-file.ts";

interface ReplaceFileOptions {
  /** @default 0o666, less the umask */
  readonly mode?: number | undefined;
}

/** Writes to one file go one after the other: the last one that was asked for is what stays. */
const underway = new Map<string, Promise<void>>();

/**
 * The content is on disk when this returns, wholly or not at all. Waits up to a second for a file that is held open.
 *
 * @throws FileSystemError such as `ENOSPC`; what was there before is there still
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  { mode }: ReplaceFileOptions = {},
): Promise<void> {
  const place = resolve(path);
  const before = underway.get(place) ?? Promise.resolve();
  const writing = before.catch(() => undefined).then(() => write(place, content, mode));
  underway.set(place, writing);
  try {
    await writing;
  } finally {
    if (underway.get(place) === writing) underway.delete(place);
  }
}

async function write(path: string, content: string | Uint8Array, mode: number | undefined): Promise<void> {
  await using part = await PartFile.create(path, mode);
  await part.append(typeof content === "string" ? Buffer.from(content) : content);
  await part.finish();
}
