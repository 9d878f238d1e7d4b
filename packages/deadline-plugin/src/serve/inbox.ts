import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError, type WebhookEvent } from "@renderjuice/core";
import { webhookEventSchema, webhookKey } from "@renderjuice/core/adapter";
import { replaceFile } from "@renderjuice/core/adapter/node";
import { lock } from "proper-lockfile";
import * as z from "zod/v4";
import { VERBS } from "../web-service/verbs.ts";

const FOLDERS = ["pending", "done", "failed"] as const;
type Folder = (typeof FOLDERS)[number];
/** A killed process holds the folder for 10 seconds, so a restart waits that long. */
const LOCK = { realpath: false, stale: 10_000, retries: { retries: 12, factor: 1, minTimeout: 1000 } };
/** Far longer than a sender keeps repeating a delivery. */
const KEEP_DONE_MS = 30 * 24 * 3_600_000;

const actionSchema = z.object({
  verb: z.enum(VERBS),
  deadlineJob: z.string(),
  /** What came of it. */
  done: z.string().optional(),
  /** Why it cannot succeed until somebody fixes it. */
  problem: z.string().optional(),
});

const entrySchema = z.object({
  event: webhookEventSchema,
  receivedAt: z.string(),
  /** Absent until it is known what to do. */
  actions: z.array(actionSchema).optional(),
  problem: z.string().optional(),
});

/** An event, and how far the work on it has come. */
export interface Entry extends z.infer<typeof entrySchema> {
  /** Its file's name, without the folder. */
  readonly file: string;
}

/**
 * Received events, one file each: `pending` while there is work, then `done`, or `failed` for people to look at. The
 * next start takes up a file that was moved back to `pending`. Events survive a crash here, since the sender repeats
 * them only a few times, and Deadline may be down for longer.
 */
export class Inbox implements AsyncDisposable {
  readonly #folder: string;
  readonly #release: () => Promise<void>;
  /** Aborted if this process lost the folder to another one because its heartbeat was late. */
  readonly lost: AbortSignal;
  /** Every event that was ever taken, by its file's name, and whether it is on disk. */
  readonly #known = new Map<string, Promise<unknown>>();

  private constructor(folder: string, release: () => Promise<void>, lost: AbortSignal) {
    this.#folder = folder;
    this.#release = release;
    this.lost = lost;
  }

  /** @throws ConfigError if the folder cannot be written, or another process is using it. */
  static async open(folder: string): Promise<Inbox> {
    try {
      for (const name of FOLDERS) await mkdir(join(folder, name), { recursive: true });
      const lost = new AbortController();
      const release = await lock(folder, { ...LOCK, onCompromised: (error) => lost.abort(error) });
      const inbox = new Inbox(folder, release, lost.signal);
      await inbox.#forgetOld();
      for (const file of await inbox.#listAll()) inbox.#known.set(file, Promise.resolve());
      return inbox;
    } catch (error) {
      throw cannotOpen(folder, error);
    }
  }

  /** @returns the entry, which is on disk by then; undefined for an event that was received before */
  async add(event: WebhookEvent, nowMs: number): Promise<Entry | undefined> {
    const file = fileNameOf(event);
    const known = this.#known.get(file);
    if (known) {
      await known;
      return undefined;
    }
    const entry = { file, event: withoutUrls(event), receivedAt: new Date(nowMs).toISOString() };
    const saved = this.save(entry);
    this.#known.set(file, saved);
    await saved.catch((error) => {
      this.#known.delete(file);
      throw error;
    });
    return entry;
  }

  /** What an earlier process has left. What it could not do may be tried again. */
  async pending(): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (const file of await this.#list("pending")) {
      const content = entrySchema.parse(JSON.parse(await readFile(this.#path("pending", file), "utf8")));
      const { problem: _, actions, ...entry } = content;
      entries.push({
        file,
        ...entry,
        actions: actions?.map(({ problem: _, ...rest }) => rest),
      });
    }
    return entries;
  }

  /** Writes atomically, and returns when it is on disk. */
  async save({ file, ...content }: Entry): Promise<void> {
    await replaceFile(this.#path("pending", file), `${JSON.stringify(content, null, 2)}\n`);
  }

  /** @returns where it went */
  async finish(entry: Entry): Promise<"done" | "failed"> {
    await this.save(entry);
    const isFailed =
      entry.problem !== undefined || entry.actions?.some(({ problem }) => problem !== undefined);
    const folder = isFailed ? "failed" : "done";
    await rename(this.#path("pending", entry.file), this.#path(folder, entry.file));
    return folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#release().catch(() => undefined);
  }

  #path(folder: Folder, file: string): string {
    return join(this.#folder, folder, file);
  }

  async #list(folder: Folder): Promise<string[]> {
    return (await readdir(join(this.#folder, folder))).filter((name) => name.endsWith(".json"));
  }

  async #listAll(): Promise<string[]> {
    return (await Promise.all(FOLDERS.map((folder) => this.#list(folder)))).flat();
  }

  async #forgetOld(): Promise<void> {
    for (const file of await this.#list("done")) {
      const path = this.#path("done", file);
      if ((await stat(path)).mtimeMs < Date.now() - KEEP_DONE_MS) await rm(path);
    }
  }
}

/** Unique for each event, and readable if the sender's names allow it. */
function fileNameOf(event: WebhookEvent): string {
  const readable = webhookKey(event)
    .replace(/[^\w-]/g, "_")
    .slice(0, 100);
  const hash = createHash("sha256").update(webhookKey(event)).digest("hex").slice(0, 12);
  return `${readable}-${hash}.json`;
}

/** Signed URLs would give the frames to whoever reads the file, and nothing here needs them. */
function withoutUrls({ event, jobId, status, workspaceId, completedAt }: WebhookEvent): WebhookEvent {
  return { event, jobId, status, workspaceId, completedAt };
}

function cannotOpen(folder: string, cause: unknown): ConfigError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const isTaken = code === "ELOCKED";
  return new ConfigError({
    code: "invalid_option",
    option: "state",
    message: isTaken
      ? `Another process is using the events folder ${folder}.`
      : `The events folder ${folder} cannot be used: ${message}.`,
    hint: isTaken ? "Stop it, or choose another folder with --state." : "Choose another folder with --state.",
    cause,
  });
}
