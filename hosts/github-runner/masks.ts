export interface Masks {
  readonly values: readonly string[];
  /** Masks each line of it too, because logs are masked line by line. */
  add(value: string): void;
  apply(text: string): string;
}

export function createMasks(secrets: readonly string[] = []): Masks {
  const values: string[] = [];
  const masks: Masks = {
    values,
    add(value) {
      for (const part of [value, ...value.split(/[\r\n]+/)])
        if (part.trim() !== "" && !values.includes(part)) values.push(part);
      values.sort((one, other) => other.length - one.length);
    },
    apply: (text) => values.reduce((masked, value) => masked.replaceAll(value, "***"), text),
  };
  for (const secret of secrets) masks.add(secret);
  return masks;
}
