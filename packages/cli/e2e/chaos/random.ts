export interface Random {
  /** From 0 up to, not including, 1. */
  number(): number;
  /** Both ends included. */
  integer(min: number, max: number): number;
  chance(share: number): boolean;
  pick<T>(values: readonly T[]): T;
}

/** The same numbers for the same seed (mulberry32), so that a run can be repeated. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const number = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (min: number, max: number) => min + Math.floor(number() * (max - min + 1));
  return {
    number,
    integer,
    chance: (share) => number() < share,
    pick: (values) => values[integer(0, values.length - 1)] as (typeof values)[number],
  };
}
