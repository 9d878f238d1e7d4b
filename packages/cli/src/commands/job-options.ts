import { Option } from "@commander-js/extra-typings";
import { ConfigError } from "@renderjuice/core";
import type { JobGoal } from "@renderjuice/core/adapter";
import { parseDuration } from "../duration.ts";

/** Options that several commands share. Each command needs its own copy. */
export const framesOption = () =>
  new Option(
    "-f, --frames <ranges>",
    'frames to render, such as "1-250", "1,5,9" or "1-100x5"; the frame range of the scene by default',
  );

/** @param list where the settings are listed */
export const setOption = (list = "`renderjuice submit --help` lists them") =>
  new Option(
    "-s, --set <name=value>",
    `a render setting, such as resolutionPercentage=50; may be repeated; ${list}`,
  )
    .argParser((value: string, previous: readonly string[]) => [...previous, value])
    .default([] as readonly string[], "none");

export const outOption = () =>
  new Option("-o, --out <folder>", "download the files into this folder when the job is complete");

export const onlyMissingOption = () =>
  new Option("--only-missing", "keep intact images that are already there, whichever job they are from");

export const contactSheetOption = () =>
  new Option("--contact-sheet <file>", "also draw the downloaded frames into one PNG");

/** @param does what it does: a validation renders nothing anyway */
export const requireCompleteOption = (
  does = "do not render if the farm does not find a texture or another file that the scene uses",
) => new Option("--require-complete", does);

export const noWaitOption = () => new Option("--no-wait", "return as soon as the render has started");

export const timeoutOption = () =>
  new Option(
    "--timeout <duration>",
    "stop waiting after this long, such as 90s, 30m or 2h; the job keeps running",
  ).argParser(parseDuration);

export const onInterruptOption = () =>
  new Option(
    "--on-interrupt <what>",
    "what Ctrl-C or SIGTERM does with the job on the farm; asks on a terminal by default",
  ).choices(["cancel", "detach"] as const);

interface DownloadOptions {
  readonly out?: string | undefined;
  readonly until?: JobGoal | undefined;
  readonly contactSheet?: string | undefined;
  readonly onlyMissing?: true | undefined;
}

/** @throws ConfigError if an option needs downloaded files and `--out` is missing */
export function checkDownloadOptions({ out, until, contactSheet, onlyMissing }: DownloadOptions): void {
  if (out !== undefined) return;
  if (until === "downloaded") throw outMissing("--until downloaded", "use --until finished");
  if (contactSheet !== undefined) throw outMissing("--contact-sheet");
  if (onlyMissing) throw outMissing("--only-missing");
}

function outMissing(option: string, instead = `leave out ${option}`): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "--out",
    message: `${option} needs a folder to download to.`,
    hint: `Add --out FOLDER, or ${instead}.`,
  });
}
