const KEPT_LINES = 200;
const KEPT_CHARACTERS = 2000;

// Progress, greetings and farewells appear in every render, so they do not explain a failure.
const NOISE = [
  /^Fra:-?\d+ Mem:/,
  /^Blender \d/,
  /^Blender quit/,
  /^Read (blend|prefs):/,
  /^Saved: /,
  /^\s*Time: /,
  /^\s+at /,
  /^Traceback/,
  /^\s*File "/,
  /^(Writing: |#|\/.*\(.*\) \[0x)/,
];

/** The end of Blender's log, for the message about a failed render. */
export class BlenderLog {
  readonly #lines: string[] = [];

  add(line: string): void {
    this.#lines.push(line.slice(0, KEPT_CHARACTERS));
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }

  /** The last informative line, trimmed to the length of a sentence; undefined if there is none. */
  lastMeaningfulLine(): string | undefined {
    const line = this.#lines.findLast((candidate) => !NOISE.some((pattern) => pattern.test(candidate)));
    return line?.trim().slice(0, 300);
  }

  has(pattern: RegExp): boolean {
    return this.#lines.some((line) => pattern.test(line));
  }
}
