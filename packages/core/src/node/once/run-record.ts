import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { type LockOptions, lock } from "proper-lockfile";
import * as z from "zod/v4";
import { RunTakenOverError } from "../../errors/index.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { tryParseJson } from "../../text/parse-json.ts";
import { makeFolder } from "../files/make-folder.ts";
import { replaceFile } from "../files/replace-file.ts";

const RETRY_MS = 1000;
/** How long the lock of a dead process or a hanging machine is respected. */
const STALE_MS = 10_000;

const recordSchema = z.object({
  tag: z.string(),
  /** Uploaded; there may not be a job yet. */
  slug: z.string().optional(),
  jobId: z.string().optional(),
  /** For people who come across the file. */
  host: z.string().optional(),
});
type Reached = Pick<z.infer<typeof recordSchema>, "slug" | "jobId">;

export interface ClaimOptions {
  readonly tag: string;
  readonly runtime: Runtime;
  readonly signal?: AbortSignal | undefined;
  /** Called once when another process holds the record. */
  readonly onWait: () => void;
}

/**
 * The progress of a run, in a file that outlives the process. Only one process at a time holds it, across all machines
 * that share the file; the others wait.
 *
 * @example
 * const record = await RunRecord.claim("renders/.renderjuice/sh010.json", {
 *   tag: "sh010-v3",
 *   runtime: client.options.runtime,
 *   onWait: () => console.log("Another process has it."),
 * });
 * await record.note({ ...record.reached, jobId });
 * await record[Symbol.asyncDispose]();
 */
export class RunRecord implements AsyncDisposable {
  readonly #path: string;
  readonly #tag: string;
  readonly #release: () => Promise<void>;
  #reached: Reached;
  /** Aborted with a `RunTakenOverError` if the heartbeat of this process is late. */
  readonly lost: AbortSignal;

  private constructor(
    path: string,
    tag: string,
    reached: Reached,
    held: { release: () => Promise<void>; lost: AbortSignal },
  ) {
    this.#path = path;
    this.#tag = tag;
    this.#reached = reached;
    this.#release = held.release;
    this.lost = held.lost;
  }

  /** Waits until no other process holds it. @throws the signal's reason */
  static async claim(path: string, options: ClaimOptions): Promise<RunRecord> {
    await makeFolder(dirname(path));
    const held = await hold(path, options);
    try {
      return new RunRecord(path, options.tag, await readReached(path, options.tag), held);
    } catch (error) {
      await held.release();
      throw error;
    }
  }

  get reached(): Reached {
    return this.#reached;
  }

  /** Writes the record atomically; it is on disk when this returns. */
  async note(reached: Reached): Promise<void> {
    this.#reached = reached;
    const record = { tag: this.#tag, ...reached, host: hostname() };
    await replaceFile(this.#path, `${JSON.stringify(record)}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#release().catch(() => undefined);
  }
}

async function hold(path: string, { runtime, signal, onWait }: ClaimOptions) {
  const lost = new AbortController();
  const options: LockOptions = {
    realpath: false,
    stale: STALE_MS,
    update: STALE_MS / 4,
    onCompromised: (cause) =>
      lost.abort(new RunTakenOverError({ recordFile: path, silentMs: STALE_MS, cause })),
  };
  for (let isFirst = true; ; isFirst = false) {
    const release = await lock(path, options).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ELOCKED") return undefined;
      throw error;
    });
    if (release) return { release, lost: lost.signal };
    if (isFirst) onWait();
    await runtime.sleep(RETRY_MS, signal);
  }
}

/** Empty for a record of another run or one that cannot be read; then the job list decides. */
async function readReached(path: string, tag: string): Promise<Reached> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "null";
    throw error;
  });
  const record = recordSchema.safeParse(tryParseJson(text)).data;
  if (record?.tag !== tag) return {};
  const { slug, jobId } = record;
  return { slug, jobId };
}
