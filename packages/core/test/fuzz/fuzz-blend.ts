import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { BlendFileError } from "../../src/index.ts";
import { compressZstd } from "../blend/compress-zstd.ts";
import { fullScene } from "../blend/full-scene.ts";
import { readFactsOf } from "../blend/read-facts-of.ts";
import { unzstdAll } from "../blend/unzstd-all.ts";
import { type Blocks, cutIntoBlocks, damageBlocks } from "./damage-blocks.ts";
import { createRandom, damageBytes, pick } from "./damage-bytes.ts";

/** Far more than any of them takes, on the busiest of machines. */
const MAX_MS = 10_000;
/** Scenes of Blender are a hundred times as large as ours, so they are damaged less often. */
const REAL_SCENES_EVERY = 50;

export interface BlendFuzzResult {
  readonly facts: number;
  /** By code. */
  readonly errors: Readonly<Record<string, number>>;
  readonly slowest: { readonly number: number; readonly ms: number };
}

/**
 * Reads scenes that are damaged at random, in every layout and compression, before and after they are compressed. Each has
 * to end in facts or in a `BlendFileError`, and soon.
 *
 * @throws Error with the number of the input that breaks this; the same seed and number make it again
 */
export async function fuzzBlend({
  runs,
  seed,
  first = 0,
}: {
  runs: number;
  seed: number;
  first?: number;
}): Promise<BlendFuzzResult> {
  const scenes = makeScenes();
  const errors: Record<string, number> = {};
  let facts = 0;
  let slowest = { number: first, ms: 0 };
  for (let number = first; number < first + runs; number++) {
    const input = makeInput(scenes, createRandom(seed * 1_000_003 + number), number);
    const startedMs = performance.now();
    const code = await read(input).catch((cause) => {
      throw new Error(`Input ${number} of seed ${seed} ends in neither facts nor a BlendFileError.`, {
        cause,
      });
    });
    const ms = performance.now() - startedMs;
    if (ms > MAX_MS) throw new Error(`Input ${number} of seed ${seed} takes ${Math.round(ms)} ms.`);
    if (ms > slowest.ms) slowest = { number, ms };
    if (code === undefined) facts++;
    else errors[code] = (errors[code] ?? 0) + 1;
  }
  return { facts, errors, slowest };
}

/** @returns the code of the error, if it was one */
async function read(input: Buffer): Promise<string | undefined> {
  try {
    // Facts have to be complete: whoever prints them must not fail.
    JSON.stringify(await readFactsOf(input));
    return undefined;
  } catch (error) {
    if (BlendFileError.isInstance(error)) return error.code;
    throw error;
  }
}

interface Scene {
  readonly bytes: Buffer;
  readonly blocks: Blocks;
}

interface Scenes {
  readonly small: readonly Scene[];
  readonly real: readonly Scene[];
}

function makeScenes(): Scenes {
  const small = [
    fullScene(),
    fullScene({ pointerBytes: 4 }),
    fullScene({ isBigEndian: true }),
    fullScene({ format: 1 }),
    fullScene({ version: 279 }),
  ];
  const real = ["3.4", "4.3", "5.2"].map((version) =>
    unzstdAll(readFileSync(fileURLToPath(new URL(`../blend/fixtures/${version}.blend`, import.meta.url)))),
  );
  const withBlocks = (bytes: Buffer): Scene => ({ bytes, blocks: cutIntoBlocks(bytes) });
  return { small: small.map(withBlocks), real: real.map(withBlocks) };
}

const COMPRESSIONS: readonly ((content: Buffer) => Buffer)[] = [
  (content) => content,
  (content) => content,
  (content) => content,
  gzipSync,
  zstdCompressSync,
  (content) => compressZstd(content, 1000 + (content.length >> 3)),
];

function makeInput({ small, real }: Scenes, random: () => number, number: number): Buffer {
  const scenes = number % REAL_SCENES_EVERY === 0 ? real : small;
  const scene = scenes[pick(random, scenes.length)] as Scene;
  const compress = COMPRESSIONS[pick(random, COMPRESSIONS.length)] ?? ((content: Buffer) => content);
  const way = random();
  if (way < 0.5) return compress(damageBlocks(scene.blocks, random));
  return way < 0.8 ? compress(damageBytes(scene.bytes, random)) : damageBytes(compress(scene.bytes), random);
}
