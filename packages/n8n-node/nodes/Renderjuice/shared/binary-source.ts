import type { Source } from "@renderjuice/core";
import { detectFormat, readFacts, type SourceFacts, type SourceFileType } from "@renderjuice/core/adapter";
import type { IBinaryData, IExecuteFunctions } from "n8n-workflow";
import { baseName } from "./base-name.ts";
import type { RequestBodies } from "./request-bodies.ts";
import { bytesInMemory, StreamedBytes } from "./stored-bytes.ts";

/**
 * The file in a binary field of this or another item, as a source. It is streamed if n8n keeps binary data outside of
 * memory.
 *
 * @throws NodeOperationError (by n8n) if the item has no such field
 */
export async function openBinarySource(
  context: IExecuteFunctions,
  itemIndex: number,
  field: string | IBinaryData,
  bodies: RequestBodies,
): Promise<Source> {
  const binary = context.helpers.assertBinaryData(itemIndex, field);
  const { id } = binary;
  const buffer = id ? undefined : await context.helpers.getBinaryDataBuffer(itemIndex, field);
  const metadata = id ? await context.helpers.getBinaryMetadata(id) : undefined;
  const sizeBytes = buffer?.length ?? metadata?.fileSize ?? 0;

  async function* open(): AsyncGenerator<Uint8Array, void> {
    if (!id) return yield buffer ?? new Uint8Array();
    const stream = await context.helpers.getBinaryStream(id);
    bodies.learn(stream);
    for await (const chunk of stream) yield chunk;
  }

  const { fileName, fileType } = await nameScene(binary.fileName ?? metadata?.fileName, open);

  async function readOwnFacts(): Promise<SourceFacts> {
    await using content = id
      ? new StreamedBytes(() => context.helpers.getBinaryStream(id), sizeBytes)
      : bytesInMemory(buffer ?? Buffer.alloc(0));
    return readFacts(content, { fileName, fileType });
  }

  // n8n never writes to stored binary data again.
  return { fileName, fileType, sizeBytes, open, readFacts: readOwnFacts, checkUnchanged: async () => {} };
}

/** A text that is the same for the same file, and different for different files. */
export async function identifyBinary(
  context: IExecuteFunctions,
  itemIndex: number,
  field: string | IBinaryData,
): Promise<string> {
  const { id } = context.helpers.assertBinaryData(itemIndex, field);
  // Each file that n8n stores has its own id. The folder in front of it may be renamed when the execution ends.
  if (id) return baseName(id);
  const content = await context.helpers.getBinaryDataBuffer(itemIndex, field);
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(content));
  return Buffer.from(digest).toString("hex");
}

/** The farm goes by the file extension, but downloaded files often have no name, or a name without an extension. */
async function nameScene(
  given: string | undefined,
  open: () => AsyncGenerator<Uint8Array, void>,
): Promise<{ fileName: string; fileType: SourceFileType }> {
  const extension = /\.(blend|zip)$/i.exec(given ?? "")?.[1]?.toLowerCase();
  if (given !== undefined && extension) return { fileName: given, fileType: extension as SourceFileType };
  const fileType = (await isZip(open)) ? "zip" : "blend";
  // Other extensions are left to preflight, which has advice for them.
  const isUnnamed = given === undefined || !/\.\w+$/.test(given) || fileType === "zip";
  return { fileName: isUnnamed ? `${given ?? "scene"}.${fileType}` : given, fileType };
}

async function isZip(open: () => AsyncGenerator<Uint8Array, void>): Promise<boolean> {
  for await (const chunk of open()) return detectFormat(chunk) === "zip";
  return false;
}
