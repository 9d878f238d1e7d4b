import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

type Answer = { id: number; result?: unknown; error?: string };
/** What a running task says. */
export type RunMessage = {
  run: number;
  line?: string;
  progress?: number;
  status?: string;
  outcome?: { status: string; message: string; cleanupError?: string };
};

/** Requests and answers over JSON lines, and messages of running tasks in between. */
export class JsonLines {
  readonly #input: Writable;
  readonly #open = new Map<number, PromiseWithResolvers<unknown>>();
  #requests = 0;
  #end: Error | undefined;

  constructor(input: Writable, output: Readable, onMessage: (message: RunMessage) => void) {
    this.#input = input;
    createInterface({ input: output }).on("line", (line) => {
      const message = parse(line);
      if (message === undefined) return;
      if ("run" in message) onMessage(message);
      else this.#settle(message);
    });
    // What was written to a dead harness is answered by `end`.
    input.on("error", () => {});
  }

  /** Throws an Error with the harness's own words. */
  async ask<Result>(method: string, params: Record<string, unknown> = {}): Promise<Result> {
    if (this.#end) throw this.#end;
    const answer = Promise.withResolvers<unknown>();
    this.#requests += 1;
    this.#open.set(this.#requests, answer);
    this.#input.write(`${JSON.stringify({ id: this.#requests, method, params })}\n`);
    return (await answer.promise) as Result;
  }

  /** The harness has ended: nothing is answered anymore. */
  end(error: Error): void {
    this.#end = error;
    for (const { reject } of this.#open.values()) reject(error);
    this.#open.clear();
  }

  #settle({ id, result, error }: Answer): void {
    const answer = this.#open.get(id);
    this.#open.delete(id);
    if (error === undefined) answer?.resolve(result);
    else answer?.reject(new Error(error));
  }
}

/** Undefined for half a line, the last of a harness that was killed. */
function parse(line: string): Answer | RunMessage | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
