import { createInterface } from "node:readline/promises";
import { EXIT } from "./exit-codes.ts";

export type InterruptSignal = "SIGINT" | "SIGTERM";

export interface Interrupt {
  /** Resolves at the first Ctrl-C or SIGTERM. */
  readonly received: Promise<InterruptSignal>;
  readonly isReceived: boolean;
  /** Asks on the terminal whether to cancel on the farm too. Asks once, for all jobs; no answer means no. */
  askToCancel(question: string): Promise<boolean>;
  /** Calls back when a second Ctrl-C ends the program. @returns a function that takes this back */
  beforeExit(callback: () => void): () => void;
  stop(): void;
}

/** The command handles the first signal; a second one ends the program immediately. */
export function listenForInterrupt(): Interrupt {
  const { promise, resolve } = Promise.withResolvers<InterruptSignal>();
  let count = 0;
  const callbacks = new Set<() => void>();
  let answer: Promise<boolean> | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    count += 1;
    if (count > 1) {
      for (const callback of callbacks) callback();
      process.exit(EXIT.interrupted);
    }
    resolve(signal as InterruptSignal);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    received: promise,
    get isReceived() {
      return count > 0;
    },
    askToCancel: (question) => {
      answer ??= ask(question);
      return answer;
    },
    beforeExit: (callback) => {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    stop: () => {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // While reading a line, Ctrl-C arrives as this event instead of a signal.
  terminal.on("SIGINT", () => process.exit(EXIT.interrupted));
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
