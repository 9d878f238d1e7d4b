const KEPT_LINES = 200;
const KEPT_CHARACTERS = 2000;

// Progress, greetings and farewells: true of every render, so no reason for a failure.
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

/** The end of Blender's log, for the sentence that says why a render failed. */
export class BlenderLog {
  readonly #lines: string[] = [];

  add(line: string): void {
    this.#lines.push(line.slice(0, KEPT_CHARACTERS));
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }

  /** The last line that says something, trimmed to a sentence's length; undefined when there is none. */
  lastMeaningfulLine(): string | undefined {
    const line = this.#lines.findLast((candidate) => !NOISE.some((pattern) => pattern.test(candidate)));
    return line?.trim().slice(0, 300);
  }

  has(pattern: RegExp): boolean {
    return this.#lines.some((line) => pattern.test(line));
  }
}
