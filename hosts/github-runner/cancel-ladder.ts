import type { StepProcess } from "./step-process.ts";
import type { SentSignal } from "./step-result.ts";

const SIGTERM_AFTER_MS = 7_500;
const KILL_AFTER_MS = 10_000;

/** What the runner does to a cancelled step. @returns the signals; the list grows as they are sent */
export function climbCancelLadder(process: StepProcess): readonly SentSignal[] {
  const start = performance.now();
  const sent: SentSignal[] = [];
  const note = (signal: NodeJS.Signals) => sent.push({ signal, atMs: Math.round(performance.now() - start) });
  const send = (signal: NodeJS.Signals) => {
    if (process.signal(signal)) note(signal);
  };
  send("SIGINT");
  const timers = [
    setTimeout(() => send("SIGTERM"), SIGTERM_AFTER_MS),
    setTimeout(() => {
      note("SIGKILL");
      process.kill();
    }, KILL_AFTER_MS),
  ];
  process.ended.then(() => timers.forEach(clearTimeout));
  return sent;
}
