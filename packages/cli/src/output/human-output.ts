import { styleText } from "node:util";
import type { JobEvent } from "@renderjuice/core";
import { foreignLine, redactText } from "@renderjuice/core/adapter";
import { describeError } from "../describe-error.ts";
import { LiveArea } from "./live-area.ts";
import type { NextSteps, Output, OutputOptions } from "./output.ts";

/** Text for people: live progress on a terminal, occasional lines elsewhere. */
export function createHumanOutput(options: OutputOptions): Output {
  return speak(
    new LiveArea({ isLive: !options.quiet && process.stderr.isTTY === true, secrets: options.secrets }),
    options,
  );
}

function speak(area: LiveArea, options: OutputOptions, scene?: string): Output {
  const { quiet = false, verbose = false } = options;
  const report = area.createReport(scene);
  const say = (text: string, mark = "") =>
    area.say(scene === undefined ? text : `${scene}: ${text.trimStart()}`, { mark });
  return {
    isJson: false,
    event(event: JobEvent) {
      if (event.type === "warning") return this.warning(foreignLine(event.message), event.hint);
      const lines = report.add(event);
      if (quiet) return;
      for (const line of lines) say(redactText(line));
      area.show(report);
    },
    result(text, _data, steps) {
      area.hide(report);
      const lines = [text, ...describeSteps(steps)].filter((line) => line !== "");
      for (const line of lines)
        area.say(scene === undefined ? line : `${scene}: ${line}`, { stream: process.stdout });
    },
    note: (message, steps) => {
      if (!quiet) for (const line of [message, ...describeSteps(steps)]) say(line);
    },
    warning: (message, hint, steps) => {
      say(
        redactText(`${message}${hint ? `\n  ${hint}` : ""}`),
        styleText("yellow", "! ", { stream: process.stderr }),
      );
      for (const line of describeSteps(steps)) say(line);
    },
    error(error, _exitCode, steps) {
      area.hide(report);
      say(formatError(error, verbose), styleText("red", "✖ ", { stream: process.stderr }));
      for (const line of describeSteps(steps)) say(line);
    },
    close: () => area.hide(report),
    ofScene: (name) => speak(area, options, name),
  };
}

/** One line each, so that the commands can be pasted. */
function describeSteps({ about, next, cancel, status }: NextSteps = {}): string[] {
  return [
    about && `  ${about}`,
    next && `  Next:   ${next}`,
    status && `  Status: ${status}`,
    cancel && `  Cancel: ${cancel}`,
  ].filter((line) => typeof line === "string");
}

function formatError(error: unknown, verbose: boolean): string {
  const { code, message, hint, stack } = describeError(error);
  const isStackShown = verbose || code === "unexpected_error";
  return [message, hint && `  ${hint}`, isStackShown && stack].filter(Boolean).join("\n");
}
