import { Option } from "@commander-js/extra-typings";
import { parseDuration } from "../duration.ts";

/** Options that several commands share; made again for each. */
export const framesOption = () =>
  new Option(
    "-f, --frames <ranges>",
    'frames to render, such as "1-250", "1,5,9" or "1-100x5"; the scene\'s own by default',
  );

export const setOption = () =>
  new Option(
    "-s, --set <name=value>",
    "a render setting, such as resolutionPercentage=50; may be repeated; `submit --help` lists them",
  )
    .argParser((value: string, previous: readonly string[]) => [...previous, value])
    .default([] as readonly string[], "none");

export const outOption = () =>
  new Option("-o, --out <folder>", "download the files into this folder when the job is complete");

export const onlyMissingOption = () =>
  new Option("--only-missing", "keep images that are already there and intact, whichever job they came from");

export const contactSheetOption = () =>
  new Option("--contact-sheet <file>", "also draw the downloaded frames into one PNG");

/** @param does what happens then: a validation renders nothing anyway */
export const requireCompleteOption = (
  does = "do not render when the farm does not find a texture or another file that the scene uses",
) => new Option("--require-complete", does);

export const noWaitOption = () => new Option("--no-wait", "return as soon as the render has started");

export const timeoutOption = () =>
  new Option(
    "--timeout <duration>",
    "give up after this long, such as 90s, 30m or 2h; the job keeps running",
  ).argParser(parseDuration);

export const onInterruptOption = () =>
  new Option(
    "--on-interrupt <what>",
    "what Ctrl-C or SIGTERM does to the job on the farm; asks on a terminal by default",
  ).choices(["cancel", "detach"] as const);
