import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { IBinaryData, IExecuteFunctions } from "n8n-workflow";
import { describe, expect, test } from "vitest";
import { identifyBinary, openBinarySource } from "../nodes/Renderjuice/shared/binary-source.ts";
import { RequestBodies } from "../nodes/Renderjuice/shared/request-bodies.ts";

async function* chunks(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

describe("the body of an upload", () => {
  test("is a stream if n8n has provided one", async () => {
    const bodies = new RequestBodies();
    async function* source() {
      bodies.learn(Readable.from([]));
      yield* chunks("BLEN", "DER");
    }
    const body = await bodies.create(source());
    expect(body).toBeInstanceOf(Readable);
    expect((await buffer(body as Readable)).toString()).toBe("BLENDER");
  });

  test("is the buffer itself if n8n keeps files in memory", async () => {
    const file = Buffer.from("BLENDER");
    async function* source() {
      yield file;
    }
    expect(await new RequestBodies().create(source())).toBe(file);
  });

  test("closes its source even if it is not read to the end", async () => {
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

describe("a scene in a binary field", () => {
  const ZIP = Buffer.from("PK\u0003\u0004");
  const BLEND = Buffer.from("BLENDER-v405");

  /** An n8n that keeps the file in memory, or in a store under an id. */
  function contextOf(content: Buffer, binary: Partial<IBinaryData>) {
    const helpers = {
      assertBinaryData: () => ({ mimeType: "application/octet-stream", data: "", ...binary }),
      getBinaryDataBuffer: async () => content,
      getBinaryMetadata: async () => ({ fileSize: content.length }),
      getBinaryStream: async () => Readable.from([content]),
    };
    return { helpers } as unknown as IExecuteFunctions;
  }

  test.each([
    ["scene.ZIP", ZIP, "scene.ZIP", "zip"],
    [undefined, ZIP, "scene.zip", "zip"],
    ["download", ZIP, "download.zip", "zip"],
    ["export.bin", ZIP, "export.bin.zip", "zip"],
    ["download", BLEND, "download.blend", "blend"],
    // Preflight has advice for these.
    ["shot.blend", ZIP, "shot.blend", "blend"],
    ["shot.blend1", BLEND, "shot.blend1", "blend"],
  ])("%s that starts with %s is %s", async (given, content, fileName, fileType) => {
    for (const id of [undefined, "filesystem-v2:file"]) {
      const context = contextOf(content, { ...(given && { fileName: given }), ...(id && { id }) });
      const source = await openBinarySource(context, 0, "data", new RequestBodies());
      expect(source).toMatchObject({ fileName, fileType, sizeBytes: content.length });
    }
  });

  test("is recognized by its id in n8n's store, or by its content", async () => {
    const stored = (id: string) => identifyBinary(contextOf(BLEND, { id }), 0, "data");
    const before = await stored("filesystem-v2:workflows/1/executions/temp/binary_data/a");
    expect(await stored("filesystem-v2:workflows/1/executions/7/binary_data/a")).toBe(before);
    expect(await stored("filesystem-v2:workflows/1/executions/7/binary_data/b")).not.toBe(before);
    const kept = (content: Buffer) => identifyBinary(contextOf(content, {}), 0, "data");
    expect(await kept(BLEND)).toBe(await kept(Buffer.from(BLEND)));
    expect(await kept(BLEND)).not.toBe(await kept(ZIP));
  });
});
