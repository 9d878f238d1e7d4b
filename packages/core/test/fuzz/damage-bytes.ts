/** A small generator of numbers from 0 to 1 (mulberry32): the same seed gives the same damage. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Damage = (bytes: Buffer, random: () => number) => Buffer;

/** Numbers that lengths, counts and indices are least prepared for. */
const EXTREMES = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff];

const flipBytes: Damage = (bytes, random) => {
  const damaged = Buffer.from(bytes);
  for (let count = 1 + pick(random, 16); count > 0; count--) {
    damaged[pick(random, damaged.length)] = pick(random, 256);
  }
  return damaged;
};

const putExtremes: Damage = (bytes, random) => {
  const damaged = Buffer.from(bytes);
  for (let count = 1 + pick(random, 4); count > 0; count--) {
    const at = pick(random, Math.max(1, damaged.length - 4));
    if (at + 4 <= damaged.length) damaged.writeUInt32LE(EXTREMES[pick(random, EXTREMES.length)] ?? 0, at);
  }
  return damaged;
};

const cut: Damage = (bytes, random) => bytes.subarray(0, pick(random, bytes.length));

const removePart: Damage = (bytes, random) => {
  const [start, end] = part(bytes, random);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
};

const repeatPart: Damage = (bytes, random) => {
  const [start, end] = part(bytes, random);
  const copies = Array.from({ length: 1 + pick(random, 8) }, () => bytes.subarray(start, end));
  return Buffer.concat([bytes.subarray(0, end), ...copies, bytes.subarray(end)]);
};

/** A part of the file in the place of another one: pointers then lead to blocks of another kind, or in a circle. */
const splice: Damage = (bytes, random) => {
  const [start, end] = part(bytes, random);
  const damaged = Buffer.from(bytes);
  bytes.copy(damaged, pick(random, bytes.length), start, end);
  return damaged;
};

const DAMAGES: readonly Damage[] = [flipBytes, flipBytes, putExtremes, cut, removePart, repeatPart, splice];

/** One to three kinds of damage. */
export function damageBytes(bytes: Buffer, random: () => number): Buffer {
  let damaged = bytes;
  for (let count = 1 + pick(random, 3); count > 0 && damaged.length > 0; count--) {
    damaged = DAMAGES[pick(random, DAMAGES.length)]?.(damaged, random) ?? damaged;
  }
  return damaged;
}

/** A whole number below a limit. */
export function pick(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}

/** Mostly short, like a block; starting anywhere. */
function part(bytes: Buffer, random: () => number): [start: number, end: number] {
  const start = pick(random, bytes.length);
  const lengthBytes = 1 + pick(random, Math.min(4096, bytes.length));
  return [start, Math.min(bytes.length, start + lengthBytes)];
}
