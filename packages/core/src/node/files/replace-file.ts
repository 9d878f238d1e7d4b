import { resolve } from "node:path";
import { PartFile } from "../download/part-file.ts";

interface ReplaceFileOptions {
  /** @default 0o666, minus the umask */
  readonly mode?: number | undefined;
}

/** Writes to the same file run one after the other, so that the last one wins. */
const underway = new Map<string, Promise<void>>();

/**
 * Replaces a file atomically: when this returns, the content is on disk. Waits up to a second for a file that is open
 * elsewhere.
 *
 * @throws FileSystemError such as `ENOSPC`; the previous file is kept
 * @example
 * await replaceFile("state.json", JSON.stringify({ jobId }), { mode: 0o600 });
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
