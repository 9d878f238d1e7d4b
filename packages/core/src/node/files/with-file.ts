import { open } from "node:fs/promises";
import type { ByteSource } from "../../scene/byte-source.ts";

/** Opens a file for random access while `work` runs. */
export async function withFile<Result>(
  path: string,
  work: (content: ByteSource) => Promise<Result>,
): Promise<Result> {
  const handle = await open(path, "r");
  try {
    const { size } = await handle.stat();
    return await work({
      sizeBytes: size,
      async read(offset, length) {
        const buffer = Buffer.allocUnsafe(length);
        for (let readBytes = 0; readBytes < length; ) {
          const result = await handle.read(buffer, readBytes, length - readBytes, offset + readBytes);
          if (result.bytesRead === 0) throw new Error(`${path} became shorter while it was being read.`);
          readBytes += result.bytesRead;
        }
        return buffer;
      },
    });
  } finally {
    await handle.close();
  }
}
