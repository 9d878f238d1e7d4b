import { styleText } from "node:util";
import { type JobEvent, RenderjuiceError } from "@renderjuice/core";
import { LiveArea } from "./live-area.ts";
import type { Output, OutputOptions } from "./output.ts";

/** Text for people: live progress on a terminal, a line now and then elsewhere. */
export function createHumanOutput(options: OutputOptions): Output {
  return speak(new LiveArea({ isLive: !options.quiet && process.stderr.isTTY === true }), options);
}

function speak(area: LiveArea, options: OutputOptions, scene?: string): Output {
  const { quiet = false, verbose = false } = options;
  const report = area.createReport(scene);
  const say = (text: string, mark = "") =>
    area.say(scene === undefined ? text : `${scene}: ${text.trimStart()}`, { mark });
  return {
    isJson: false,
    event(event: JobEvent) {
      if (event.type === "warning") return this.warning(event.message, event.hint);
      const lines = report.add(event);
      if (quiet) return;
      for (const line of lines) say(line);
      area.show(report);
    },
    result(text) {
      area.hide(report);
      if (text === "") return;
      area.say(scene === undefined ? text : `${scene}: ${text}`, { stream: process.stdout });
    },
    note: (message) => {
      if (!quiet) say(message);
    },
    warning: (message, hint) => {
      say(`${message}${hint ? `\n  ${hint}` : ""}`, styleText("yellow", "! ", { stream: process.stderr }));
    },
    error(error, _exitCode, next) {
      area.hide(report);
      say(formatError(error, verbose), styleText("red", "✖ ", { stream: process.stderr }));
      if (next) area.say(`  ${next}`);
    },
    close: () => area.hide(report),
    ofScene: (name) => speak(area, options, name),
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
