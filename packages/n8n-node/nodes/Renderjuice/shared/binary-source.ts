import {
  END_BYTES,
  readZipDirectory,
  type Source,
  type SourceFacts,
  type SourceFileType,
} from "@renderjuice/core";
import type { IExecuteFunctions } from "n8n-workflow";
import { ByteEnds } from "./byte-ends.ts";
import type { RequestBodies } from "./request-bodies.ts";

/** Holds the table of contents of an archive of some 40,000 files; a longer one is not looked at. */
const TAIL_BYTES = 4 * 1024 * 1024;

/**
 * The file in a binary field of an item, as a source. It is streamed where n8n keeps binary data outside of memory.
 *
 * @throws NodeOperationError (by n8n) when the item has no such field.
 */
export async function openBinarySource(
  context: IExecuteFunctions,
  itemIndex: number,
  fieldName: string,
  bodies: RequestBodies,
): Promise<Source> {
  const binary = context.helpers.assertBinaryData(itemIndex, fieldName);
  const { id } = binary;
  const buffer = id ? undefined : await context.helpers.getBinaryDataBuffer(itemIndex, fieldName);
  const metadata = id ? await context.helpers.getBinaryMetadata(id) : undefined;
  const fileName = binary.fileName ?? metadata?.fileName ?? "scene.blend";
  const fileType: SourceFileType = /\.zip$/i.test(fileName) ? "zip" : "blend";
  const sizeBytes = buffer?.length ?? metadata?.fileSize ?? 0;

  async function* open(): AsyncGenerator<Uint8Array, void> {
    if (!id) return yield buffer ?? new Uint8Array();
    const stream = await context.helpers.getBinaryStream(id);
    bodies.learn(stream);
    for await (const chunk of stream) yield chunk;
  }

  async function readFacts(): Promise<SourceFacts> {
    const ends = new ByteEnds(END_BYTES, fileType === "zip" ? TAIL_BYTES : END_BYTES);
    for await (const chunk of open()) ends.add(chunk);
    const { head, tail } = ends;
    const zipEntries = fileType === "zip" ? readZipDirectory(tail, sizeBytes) : undefined;
    const isUnreadable = fileType === "zip" && !zipEntries && sizeBytes <= tail.length;
    return {
      fileName,
      fileType,
      sizeBytes,
      head,
      tail: tail.subarray(-END_BYTES),
      ...(zipEntries && { zipEntries }),
      ...(isUnreadable && { zipProblem: "it is not where it should be." }),
    };
  }

  // n8n never writes to stored binary data again.
  return { fileName, fileType, sizeBytes, open, readFacts, checkUnchanged: async () => {} };
}
