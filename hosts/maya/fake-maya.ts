import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { HELPER_LIMIT_MS } from "../lib/helper-limit.ts";

/** The folder from which Python imports `fake_maya`, and `maya`. */
export const FAKE_MAYA = fileURLToPath(new URL("./python", import.meta.url));

export interface MayaEvent {
  readonly event: string;
  readonly [fact: string]: unknown;
}

export interface FakeMayaOptions {
  readonly python: string;
  readonly sceneFile: string;
  /** MAYA_APP_DIR, and whatever Maya would have in its environment. */
  readonly env: NodeJS.ProcessEnv;
  readonly isBatch?: boolean;
  /** Until it is ready. */
  readonly limitMs?: number;
}

/** A Maya in a separate process; see python/fake_maya. */
export class FakeMaya implements AsyncDisposable {
  /** What a person at this Maya has seen so far. */
  readonly log: MayaEvent[] = [];
  /** What Python itself had to say; empty when all is well. */
  errors = "";
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #listeners = new Set<(event: MayaEvent) => void>();
  /** Never rejects. */
  readonly #ended: Promise<void>;
  #orders = 0;

  private constructor(child: ChildProcessByStdio<Writable, Readable, Readable>) {
    this.#process = child;
    this.#ended = once(child, "close").then(
      () => undefined,
      (cannotStart: Error) => {
        this.errors += cannotStart.message;
      },
    );
    child.stdin.on("error", () => undefined);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.errors += text;
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      const event = JSON.parse(line) as MayaEvent;
      this.log.push(event);
      for (const listener of this.#listeners) listener(event);
    });
  }

  static async start(options: FakeMayaOptions): Promise<FakeMaya> {
    const { python, sceneFile, env, isBatch = false, limitMs } = options;
    const child = spawn(python, ["-m", "fake_maya", sceneFile, ...(isBatch ? ["--batch"] : [])], {
      cwd: FAKE_MAYA,
      stdio: ["pipe", "pipe", "pipe"],
      env: { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: "1", ...env },
    });
    const maya = new FakeMaya(child);
    try {
      await maya.seen(({ event }) => event === "ready", limitMs);
      return maya;
    } catch (error) {
      await maya.kill();
      throw error;
    }
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Runs code as the Script Editor does. @returns the value of its last expression; rejects with what was raised. */
  async python(code: string): Promise<unknown> {
    const id = ++this.#orders;
    this.send({ id, python: code });
    const done = await this.seen(({ event, id: of }) => event === "done" && of === id);
    if (done.error !== undefined) throw new Error(`${done.type}: ${done.error}\n${done.traceback}`);
    return done.value;
  }

  /** Gives an order without waiting for its end: a dialog may come in between. */
  send(order: Record<string, unknown>): void {
    this.#process.stdin.write(`${JSON.stringify(order)}\n`);
  }

  async setQuirks(quirks: Record<string, unknown>): Promise<void> {
    const id = ++this.#orders;
    this.send({ id, quirks });
    await this.seen(({ event, id: of }) => event === "done" && of === id);
  }

  /** Resolves at the first event that fits, of the past or to come; rejects with the last ones when none comes. */
  seen(fits: (event: MayaEvent) => boolean, limitMs = HELPER_LIMIT_MS): Promise<MayaEvent> {
    const past = this.log.find(fits);
    if (past) return Promise.resolve(past);
    const { promise, resolve, reject } = Promise.withResolvers<MayaEvent>();
    const listener = (event: MayaEvent) => {
      if (fits(event)) resolve(event);
    };
    const fail = (why: string) => {
      const events = this.log.slice(-20).map((event) => JSON.stringify(event));
      reject(new Error(`${why} ${this.errors}\n${events.join("\n")}`));
    };
    this.#listeners.add(listener);
    this.#ended.then(() => fail("Maya has ended."));
    const timer = setTimeout(() => fail(`Not seen in ${limitMs / 1000} s.`), limitMs);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#listeners.delete(listener);
    });
  }

  /** As a crash does. */
  async kill(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#ended;
  }

  async quit(): Promise<void> {
    this.send({ quit: true });
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), HELPER_LIMIT_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
