import { setTimeout } from "node:timers/promises";
import writeFileAtomic from "write-file-atomic";

const ATTEMPTS = 10;
const RETRY_MS = 100;
/** What Windows answers while a virus scanner, or whoever reads the file, has it open. */
const HELD = new Set(["EPERM", "EACCES", "EBUSY"]);

interface ReplaceFileOptions {
  /** @default 0o666, less the umask */
  readonly mode?: number;
  readonly write?: (path: string, text: string, options: { mode?: number }) => Promise<void>;
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/** The text is on disk when this returns, wholly or not at all. Waits up to a second for a file that is held open. */
export async function replaceFile(
  path: string,
  text: string,
  { mode, write = writeFileAtomic, sleep = setTimeout }: ReplaceFileOptions = {},
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await write(path, text, mode === undefined ? {} : { mode });
    } catch (error) {
      const isHeld = HELD.has((error as NodeJS.ErrnoException).code ?? "");
      if (!isHeld || attempt === ATTEMPTS) throw error;
      await sleep(RETRY_MS);
    }
  }
}
