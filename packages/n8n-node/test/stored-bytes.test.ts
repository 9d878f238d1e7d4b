import { Readable } from "node:stream";
import { findProblem } from "@renderjuice/core/adapter";
import type { IBinaryData } from "n8n-workflow";
import { expect, test } from "vitest";
import { storedBytes } from "../nodes/Renderjuice/shared/stored-bytes.ts";

const CONTENT = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7 + (at >> 8)) & 0xff));

/** A store that returns streams in pieces of this size, and counts them. */
function createStore(content: Buffer, pieceBytes = 10_000) {
  const store = { opened: 0, closed: 0 };
  async function* pieces() {
    try {
      for (let at = 0; at < content.length; at += pieceBytes) yield content.subarray(at, at + pieceBytes);
    } finally {
      store.closed += 1;
    }
  }
  const getBinaryStream = async () => {
    store.opened += 1;
    return Readable.from(pieces());
  };
  return { store, getBinaryStream };
}

test("a file outside of memory is read forward in one stream, and backward in another", async () => {
  const { store, getBinaryStream } = createStore(CONTENT);
  const bytes = storedBytes({ getBinaryStream }, { id: "filesystem:1" } as IBinaryData, CONTENT.length);
  for (const [offset, length] of [
    [0, 16],
    [16, 25_000],
    [20_000, 100],
    [290_000, 10_000],
  ] as const) {
    expect(Buffer.from(await bytes.read(offset, length))).toEqual(CONTENT.subarray(offset, offset + length));
  }
  expect(store.opened).toBe(1);
  expect(Buffer.from(await bytes.read(5, 10))).toEqual(CONTENT.subarray(5, 15));
  expect(store.opened).toBe(2);
  await bytes[Symbol.asyncDispose]();
  expect(store.closed).toBe(2);
});

test("a file in memory is read from there", async () => {
  const binary = { data: CONTENT.toString("base64"), mimeType: "image/png" };
  const { getBinaryStream } = createStore(CONTENT);
  await using bytes = storedBytes({ getBinaryStream }, binary, CONTENT.length);
  expect(bytes.sizeBytes).toBe(CONTENT.length);
  expect(Buffer.from(await bytes.read(100, 50))).toEqual(CONTENT.subarray(100, 150));
});

test("a broken picture in a store is detected too", async () => {
  // The beginning of a PNG of one large chunk.
  const head = Buffer.from("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de", "hex");
  const { store, getBinaryStream } = createStore(Buffer.concat([head, CONTENT]));
  await using content = storedBytes({ getBinaryStream }, { id: "s3:1" } as IBinaryData, head.length + 1000);
  expect(await findProblem("a.png", { content, isLengthKnown: true })).toBe("is cut off");
  expect(store.opened).toBe(1);
});
