import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describeError } from "../describe-error.ts";
import { MayaError } from "../port/maya-error.ts";
import { MayaRpc } from "../port/maya-rpc.ts";
import { type MayaSession, readSession } from "../port/session.ts";
import type { JobState } from "./job-state.ts";

const MIN_INTERVAL_MS = 1000;
/** How long to leave a silent Maya alone: it still has our last call to answer. */
const PAUSE_MS = 30_000;

/**
 * Reports a job's progress to its Maya: the newest state, at most once a second, one call at a time. The job's files
 * have it all, so nothing here fails and nothing is sent twice.
 */
export class MayaNotifier {
  readonly #folder: string;
  readonly #complain: (message: string) => void;
  #next: JobState | undefined;
  #sending: Promise<void> | undefined;
  #wake = new AbortController();

  constructor(folder: string, complain: (message: string) => void) {
    this.#folder = folder;
    this.#complain = complain;
  }

  update(state: JobState): void {
    this.#next = state;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Sends what is left, without the pauses. */
  async close(): Promise<void> {
    this.#wake.abort();
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    for (let state = this.#next; state; state = this.#next) {
      this.#next = undefined;
      const pauseMs = await this.#send(state);
      await sleep(pauseMs, undefined, { signal: this.#wake.signal }).catch(() => undefined);
    }
  }

  /** @returns how long to wait before the next call */
  async #send(state: JobState): Promise<number> {
    const session = await this.#findSession();
    if (!session) return MIN_INTERVAL_MS;
    try {
      await new MayaRpc(session).call("progress", { state: { id: state.id, revision: state.revision } });
      return MIN_INTERVAL_MS;
    } catch (error) {
      if (!MayaError.isInstance(error)) throw error;
      this.#complain(describeError(error).text);
      return error.failure === "silent" || error.failure === "busy" ? PAUSE_MS : MIN_INTERVAL_MS;
    }
  }

  /** Looked up each time, since a restarted Maya continues its jobs with a new port and token. */
  async #findSession(): Promise<MayaSession | undefined> {
    const owner = JSON.parse(await readFile(join(this.#folder, "owner.json"), "utf8").catch(() => "{}"));
    return typeof owner.session === "string" ? readSession(owner.session) : undefined;
  }
}
