import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Argument, CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { EXIT_CODE_HELP } from "../../packages/cli/src/exit-codes.ts";
import { createProgram } from "../../packages/cli/src/program.ts";
import { cell, code, fence, table } from "./markdown.ts";
import { GENERATED } from "./paths.ts";

export async function writeCliReference(): Promise<void> {
  const program = createProgram("0.0.0") as CommandUnknownOpts;
  const pages = program.commands.map((command) => describeCommand(program, command));
  await writeFile(join(GENERATED, "cli-commands.md"), pages.join("\n"));
  await writeFile(join(GENERATED, "cli-global-options.md"), optionTable(program.options));
  await writeFile(join(GENERATED, "exit-codes.md"), exitCodeTable());
}

function describeCommand(program: CommandUnknownOpts, command: CommandUnknownOpts): string {
  const usage = fence("sh", `${program.name()} ${command.name()} ${command.usage()}`);
  return [
    `## ${command.name()}\n`,
    `${sentence(command.description())}\n`,
    usage,
    argumentTable(command.registeredArguments),
    optionTable(command.options),
    afterHelp(command),
  ].join("\n");
}

function argumentTable(args: readonly Argument[]): string {
  const described = args.filter(({ description }) => description);
  return table(
    ["argument", ""],
    described.map((argument) => [code(argument.name()), cell(argument.description)]),
  );
}

function optionTable(options: readonly Option[]): string {
  const shown = options.filter(({ hidden }) => !hidden);
  return table(
    ["option", ""],
    shown.map((option) => [code(option.flags), cell(describeOption(option))]),
  );
}

function describeOption({ description, argChoices, defaultValue }: Option): string {
  const choices = argChoices ? `: ${argChoices.join(", ")}` : "";
  const isNone = !defaultValue || defaultValue === "none" || String(defaultValue) === "";
  return `${description}${choices}${isNone ? "" : ` (default: ${defaultValue})`}`;
}

/** Examples and notes, which the help has below the options. */
function afterHelp(command: CommandUnknownOpts): string {
  let help = "";
  const previous = command.configureOutput();
  const writeOut = (text: string) => {
    help += text;
  };
  command.configureOutput({ ...previous, writeOut }).outputHelp();
  command.configureOutput(previous);
  const extra = help.slice(command.helpInformation().length).trim();
  return extra === "" ? "" : fence("text", extra);
}

function sentence(text: string): string {
  const [first = "", ...rest] = text;
  return `${first.toUpperCase()}${rest.join("")}`.replace(/([^.])$/, "$1.");
}

function readExitCodes(): (readonly [code: string, meaning: string])[] {
  return [...EXIT_CODE_HELP.matchAll(/^ +(\d+) {2}(.*)$/gm)].map(([, exitCode = "", text = ""]) => [
    exitCode,
    text,
  ]);
}

function exitCodeTable(): string {
  return table(
    ["exit code", ""],
    readExitCodes().map(([exitCode, text]) => [code(exitCode), cell(text)]),
  );
}
