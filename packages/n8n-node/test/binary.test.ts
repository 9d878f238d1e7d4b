import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { ByteEnds } from "../nodes/Renderjuice/shared/byte-ends.ts";
import { RequestBodies } from "../nodes/Renderjuice/shared/request-bodies.ts";

async function* chunks(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

describe("the body of an upload", () => {
  test("is a stream where n8n has shown one", async () => {
    const bodies = new RequestBodies();
    async function* source() {
      bodies.learn(Readable.from([]));
      yield* chunks("BLEN", "DER");
    }
    const body = await bodies.create(source());
    expect(body).toBeInstanceOf(Readable);
    expect((await buffer(body as Readable)).toString()).toBe("BLENDER");
  });

  test("is the buffer itself where n8n keeps files in memory", async () => {
    const file = Buffer.from("BLENDER");
    async function* source() {
      yield file;
    }
    expect(await new RequestBodies().create(source())).toBe(file);
  });

  test("closes its source when it is not read to its end", async () => {
    const bodies = new RequestBodies();
    let isClosed = false;
    async function* source() {
      bodies.learn(Readable.from([]));
      try {
        yield* chunks("BLEN", "DER");
      } finally {
        isClosed = true;
      }
    }
    const body = (await bodies.create(source())) as Readable;
    for await (const _ of body) break;
    await expect.poll(() => isClosed).toBe(true);
  });
});

describe("the ends of what passes by", () => {
  test.each([[["abcdefgh"]], [["a", "b", "c", "d", "e", "f", "g", "h"]], [["abc", "", "defgh"]]])(
    "in chunks %j",
    (texts) => {
      const ends = new ByteEnds(3, 4);
      for (const text of texts) ends.add(Buffer.from(text));
      expect(Buffer.from(ends.head).toString()).toBe("abc");
      expect(Buffer.from(ends.tail).toString()).toBe("efgh");
      expect(ends.sizeBytes).toBe(8);
    },
  );

  test("of less than was asked for are all of it", () => {
    const ends = new ByteEnds(10, 10);
    ends.add(Buffer.from("ab"));
    expect([ends.head, ends.tail].map((bytes) => Buffer.from(bytes).toString())).toEqual(["ab", "ab"]);
  });
});
