import { resolve } from "node:path";
import type { CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { writeDuration } from "./duration.ts";
import { shellQuote } from "./shell-quote.ts";

/** Values of options by their names in the code. `undefined` leaves an option out. */
export type OptionChanges = Readonly<Record<string, unknown>>;

/** What to continue from. */
export type ResumeFrom = { readonly jobId: string } | { readonly slug: string };

/** Options that choose a scene; a job or an upload already has one. */
const OF_A_SCENE = { together: undefined, main: undefined };

/**
 * The command line as given. Builds others from it that can be pasted, with all of its options, so that they do what it
 * would have done.
 */
export class CommandLine {
  readonly #command: CommandUnknownOpts;

  constructor(command: CommandUnknownOpts) {
    this.#command = command;
  }

  /** The same command, continuing from an upload or a job. */
  resume(from: ResumeFrom, changes: OptionChanges = {}): string {
    // `render` takes a job as its argument, where others take a scene.
    const takesJob = !this.#command.options.some((option) => option.attributeName() === "job");
    if ("jobId" in from && takesJob) return this.#write(this.#command, [from.jobId], changes);
    const origin =
      "jobId" in from ? { job: from.jobId, slug: undefined } : { slug: from.slug, job: undefined };
    return this.#write(this.#command, [], { ...OF_A_SCENE, ...changes, ...origin });
  }

  /** What is left to do with a job: the rest of this command, or the render after a validation. */
  rest(jobId: string, changes: OptionChanges = {}): string {
    if (this.#command.name() === "validate") return this.other("render", [jobId]);
    return this.resume({ jobId }, { ...changes, until: undefined, wait: undefined });
  }

  /** The same command with other arguments. */
  again(args: readonly string[], changes: OptionChanges = {}): string {
    return this.#write(this.#command, args, changes);
  }

  /** Another command, with the options that both have. A time limit was meant for this command. */
  other(name: string, args: readonly string[], changes: OptionChanges = {}): string {
    const target = this.#command.parent?.commands.find((command) => command.name() === name);
    if (!target) throw new TypeError(`There is no command ${name}.`);
    return this.#write(target, args, { timeout: undefined, ...changes });
  }

  #write(target: CommandUnknownOpts, args: readonly string[], changes: OptionChanges): string {
    const given = { ...this.#given(), ...changes };
    const options = [...target.options, ...(target.parent?.options ?? [])];
    const words = options.flatMap((option) => writeOption(option, given[option.attributeName()]));
    return ["renderjuice", target.name(), ...args, ...words].map((word) => shellQuote(word)).join(" ");
  }

  /** Only what was on the command line: the next command has the same defaults and environment. */
  #given(): Record<string, unknown> {
    const commands = [this.#command, this.#command.parent].filter((command) => command !== null);
    return Object.fromEntries(
      commands.flatMap((command) =>
        command.options
          .map((option) => option.attributeName())
          .filter((name) => command.getOptionValueSource(name) === "cli")
          .map((name) => [name, command.getOptionValue(name)]),
      ),
    );
  }
}

function writeOption(option: Option, value: unknown): string[] {
  const flag = option.long ?? option.short ?? "";
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((one) => [flag, String(one)]);
  if (option.negate) return value === false ? [flag] : [];
  if (typeof value === "boolean") return value ? [flag] : [];
  return [flag, writeValue(option, value)];
}

/** Paths become absolute, so that the command can be pasted in any folder. */
function writeValue({ flags }: Option, value: unknown): string {
  if (flags.includes("<duration>") && typeof value === "number") return writeDuration(value);
  if (/<(folder|file)>/.test(flags) && value !== "-") return resolve(String(value));
  return String(value);
}
