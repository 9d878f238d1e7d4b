import { pipeline, Readable } from "node:stream";
import { crc32, createInflate, createInflateRaw } from "node:zlib";
import type { Checks } from "../../outputs/index.ts";

/** Node's own implementations are several times faster. */
export const NODE_CHECKS: Checks = {
  crc32,
  inflateRaw: (chunks) => pipeline(Readable.from(chunks), createInflateRaw(), () => undefined),
};

/** For files of unknown origin: pixels are decompressed too, which takes much longer. */
export const THOROUGH_CHECKS: Checks = {
  ...NODE_CHECKS,
  inflate: (chunks) => pipeline(Readable.from(chunks), createInflate(), () => undefined),
};
