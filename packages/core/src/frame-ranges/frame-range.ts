import { ConfigError } from "../errors/index.ts";

/** One element of a frame specification, including both ends. If `first` is after `last`, it runs backwards. */
export interface FrameRange {
  readonly first: number;
  readonly last: number;
  /** At least 1. The direction follows from `first` and `last`. */
  readonly step: number;
}

const ELEMENT = /^(-?\d+)(?:-(-?\d+)(?:x(\d+))?)?$/;
const EXAMPLES = 'Examples: "7", "1-250", "1,5,9", "1-100x5" (every fifth), "20-1" (backwards), "-5--1".';

/**
 * Reads `"1-10"`, `"1,5,9"`, `"1-100x5"`, `"20-1"`, `"-5--1"`, or a list of these. Ignores spaces.
 *
 * @throws ConfigError that names the invalid element
 */
export function parseFrameRanges(spec: string | readonly string[]): FrameRange[] {
  const elements = (typeof spec === "string" ? [spec] : spec).flatMap((text) => text.split(","));
  return elements.map((element) => parseElement(element.replace(/\s+/g, ""), elements.join(",")));
}

function parseElement(element: string, whole: string): FrameRange {
  const [matched, first, last = first, step = "1"] = ELEMENT.exec(element) ?? [];
  if (matched === undefined || first === undefined) {
    throw invalidFrames(
      element === "" ? `"${whole}" contains an empty frame range.` : `"${element}" is not a frame range.`,
    );
  }
  const range = { first: Number(first), last: Number(last), step: Number(step) };
  if (range.step === 0) throw invalidFrames(`The step of "${element}" is 0.`);
  if (!Object.values(range).every(Number.isSafeInteger))
    throw invalidFrames(`The numbers in "${element}" are too large.`);
  return range;
}

export function invalidFrames(message: string): ConfigError {
  return new ConfigError({ code: "invalid_option", option: "frames", message, hint: EXAMPLES });
}
