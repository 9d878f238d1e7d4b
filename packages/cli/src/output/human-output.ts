import { styleText } from "node:util";
import { type JobEvent, ProgressReport, RenderjuiceError, redactText, terminalText } from "@renderjuice/core";
import { createLogUpdate } from "log-update";
import type { Output, OutputOptions } from "./output.ts";

const REDRAW_MS = 100;

/** Text for people: live progress on a terminal, a line now and then elsewhere. */
export function createHumanOutput({ quiet = false, verbose = false }: OutputOptions): Output {
  const isLive = !quiet && process.stderr.isTTY === true;
  const live = createLogUpdate(process.stderr);
  const report = new ProgressReport({ isLive, now: () => performance.now() });
  let timer: NodeJS.Timeout | undefined;

  const draw = () => live(terminalText(report.liveLines(process.stderr.columns).join("\n")));
  /** Every line goes through here: what it says may come from the farm, the network or a scene. */
  const say = (text: string, mark = "") => {
    if (timer) live.clear();
    process.stderr.write(`${mark}${terminalText(redactText(text))}\n`);
    if (timer) draw();
  };
  const close = () => {
    clearInterval(timer);
    timer = undefined;
    if (isLive) live.clear();
  };

  return {
    isJson: false,
    event(event: JobEvent) {
      if (event.type === "warning") return this.warning(event.message, event.hint);
      const lines = report.add(event);
      if (quiet) return;
      for (const line of lines) say(line);
      if (!isLive || timer) return;
      timer = setInterval(draw, REDRAW_MS).unref();
      draw();
    },
    result(text) {
      close();
      process.stdout.write(text === "" ? "" : `${terminalText(redactText(text))}\n`);
    },
    note: (message) => {
      if (!quiet) say(message);
    },
    warning: (message, hint) => {
      say(`${message}${hint ? `\n  ${hint}` : ""}`, styleText("yellow", "! ", { stream: process.stderr }));
    },
    error(error, _exitCode, next) {
      close();
      say(formatError(error, verbose), styleText("red", "✖ ", { stream: process.stderr }));
      if (next) say(`  ${next}`);
    },
    close,
  };
}

function formatError(error: unknown, verbose: boolean): string {
  if (RenderjuiceError.isInstance(error)) {
    const hint = error.hint ? `\n  ${error.hint}` : "";
    return `${error.message}${hint}${verbose ? `\n${error.stack}` : ""}`;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `This is a bug in renderjuice. Please report it with what follows.\n${text}`;
}
