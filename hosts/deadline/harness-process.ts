import { type ChildProcessByStdio, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const HARNESS = fileURLToPath(new URL("./harness", import.meta.url));
const KILL_LIMIT_MS = 15_000;

interface End {
  /** It has ended by itself and everything of the farm with it. */
  readonly isClean: boolean;
  /** How it ended, and what it said last. */
  readonly error: Error;
}

/**
 * The harness serving a farm. What it says goes into a file: vitest waits until nobody has its workers' stderr anymore,
 * however long that takes.
 */
export class HarnessProcess {
  readonly #python: string;
  readonly #folder: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  /** Never rejects. */
  readonly ended: Promise<End>;

  constructor(python: string, folder: string, env: NodeJS.ProcessEnv) {
    this.#python = python;
    this.#folder = folder;
    this.#env = env;
    this.#process = this.#start();
    this.ended = once(this.#process, "close").then(
      ([code, signal]) => this.#end(code === 0, `has ended: ${signal ?? `exit code ${code}`}`),
      (error: Error) => this.#end(false, `did not start: ${error.message}`),
    );
  }

  get input(): Writable {
    return this.#process.stdin;
  }

  get output(): Readable {
    return this.#process.stdout;
  }

  /**
   * Ends the farm; nothing of it is left.
   *
   * @throws Error when it had to be killed, or had ended before, with what the harness said last.
   */
  async stop(limitMs: number): Promise<void> {
    this.input.end();
    const end = (await within(this.ended, limitMs)) ?? (await this.#kill(limitMs));
    if (end.isClean) return;
    await this.#killRest().catch((error: unknown) => {
      end.error.cause = error;
    });
    throw end.error;
  }

  /** Leads a separate group, so that a Ctrl-C for the tests does not stop it from ending the farm. */
  #start(): ChildProcessByStdio<Writable, Readable, null> {
    const errors = openSync(this.#errorFile, "w");
    const started = spawn(this.#python, ["-I", "-S", HARNESS, "serve", this.#folder], {
      stdio: ["pipe", "pipe", errors],
      env: this.#env,
      detached: true,
    });
    closeSync(errors);
    return started as ChildProcessByStdio<Writable, Readable, null>;
  }

  async #kill(limitMs: number): Promise<End> {
    killGroup(this.#process.pid);
    await within(this.ended, KILL_LIMIT_MS);
    return this.#end(false, `did not end within ${limitMs / 1000} s and was killed`);
  }

  /** What the harness has started and not ended itself. */
  async #killRest(): Promise<void> {
    const options = { env: this.#env, timeout: KILL_LIMIT_MS, killSignal: "SIGKILL" } as const;
    await promisify(execFile)(this.#python, ["-I", "-S", HARNESS, "kill", this.#folder], options);
  }

  async #end(isClean: boolean, how: string): Promise<End> {
    const said = await readFile(this.#errorFile, "utf8").catch(() => "");
    const lastWords = said ? `It last said:\n${said.slice(-4000)}` : "It has said nothing.";
    return { isClean, error: new Error(`The harness ${how}. ${lastWords}`) };
  }

  get #errorFile(): string {
    return join(this.#folder, "supervisor.err");
  }
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Undefined when it takes longer. */
async function within<T>(promise: Promise<T>, limitMs: number): Promise<T | undefined> {
  const limit = Promise.withResolvers<undefined>();
  const timer = setTimeout(limit.resolve, limitMs, undefined);
  return Promise.race([promise, limit.promise]).finally(() => clearTimeout(timer));
}
