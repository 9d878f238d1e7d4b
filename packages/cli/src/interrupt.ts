import { createInterface } from "node:readline/promises";
import { EXIT } from "./exit-codes.ts";

export type InterruptSignal = "SIGINT" | "SIGTERM";

export interface Interrupt {
  /** Resolves at the first Ctrl-C or SIGTERM. */
  readonly received: Promise<InterruptSignal>;
  stop(): void;
}

/** The first signal is handed to the command; a second Ctrl-C ends the program at once. */
export function listenForInterrupt(): Interrupt {
  const { promise, resolve } = Promise.withResolvers<InterruptSignal>();
  let count = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    count += 1;
    if (count > 1) process.exit(EXIT.interrupted);
    resolve(signal as InterruptSignal);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    received: promise,
    stop: () => {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}

/** Asks on the terminal; no answer means no. */
export async function askToCancel(jobId: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // While a line is read, the terminal turns Ctrl-C into this event instead of a signal.
  terminal.on("SIGINT", () => process.exit(EXIT.interrupted));
  try {
    const answer = await terminal.question(`Cancel job ${jobId} on the farm too? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
