import { pipeline, Readable } from "node:stream";
import { crc32, createInflate, createInflateRaw } from "node:zlib";
import type { Checks } from "../../outputs/index.ts";

/** Node's own are several times as fast. */
export const NODE_CHECKS: Checks = {
  crc32,
  inflateRaw: (chunks) => pipeline(Readable.from(chunks), createInflateRaw(), () => undefined),
};

/** For files of which nobody knows how they came: pixels are unpacked too, which takes much longer. */
export const THOROUGH_CHECKS: Checks = {
  ...NODE_CHECKS,
  inflate: (chunks) => pipeline(Readable.from(chunks), createInflate(), () => undefined),
};
