/**
 * Reads the arguments of a script that takes whole numbers, in their order.
 *
 * @param usage what is printed for `--help`, and for what is not a whole number above 0
 * @returns ends the program with 0 after `--help`, with 2 after a mistake
 */
export function readNumbers<Defaults extends readonly number[]>(
  usage: string,
  args: readonly string[],
  defaults: Defaults,
): Defaults {
  if (isHelp(args)) return showUsage(usage);
  const numbers = args.map(Number);
  const wrong = args.find((_, index) => !Number.isSafeInteger(numbers[index]) || (numbers[index] ?? 0) < 1);
  if (wrong !== undefined) return showUsage(usage, `"${wrong}" is not a whole number above 0.`);
  if (numbers.length > defaults.length) return showUsage(usage, "That is one number too many.");
  return defaults.map((value, index) => numbers[index] ?? value) as unknown as Defaults;
}

export function isHelp(args: readonly string[]): boolean {
  return args.includes("--help") || args.includes("-h");
}

/** Ends the program. @param mistake what is wrong; without it, the usage was asked for */
export function showUsage(usage: string, mistake?: string): never {
  if (mistake === undefined) console.log(usage);
  else console.error(`${mistake}\n${usage}`);
  process.exit(mistake === undefined ? 0 : 2);
}
