import {
  corruptFile,
  fetchOutput,
  findProblem,
  joinHeaders,
  type OutputUrls,
  type PlannedOutput,
  readOutputRefusal,
} from "@renderjuice/core/adapter";
import type { IBinaryData, IN8nHttpFullResponse } from "n8n-workflow";
import { baseName } from "../shared/base-name.ts";
import { type NodeStream, streamLike } from "../shared/node-stream.ts";
import type { OperationCall } from "../shared/operation.ts";
import { n8nRuntime } from "../shared/runtime.ts";
import { storedBytes } from "../shared/stored-bytes.ts";
import { requestFailure } from "../shared/transport.ts";

/** Milliseconds without any data after which a download is started again. */
const TIMEOUT_MS = 60_000;
const MAX_REFUSAL_BYTES = 4096;
const MIME_TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  tif: "image/tiff",
  tiff: "image/tiff",
  exr: "image/x-exr",
  zip: "application/zip",
  mp4: "video/mp4",
  mkv: "video/x-matroska",
};

interface Downloaded {
  readonly binary: IBinaryData;
  readonly sizeBytes: number;
}

/** Streams one file into n8n's store, then checks that it is complete and of the type that its name says. */
export async function downloadOutput(
  call: OperationCall,
  output: PlannedOutput,
  urls: OutputUrls,
): Promise<Downloaded> {
  const { relativePath } = output;
  return fetchOutput({
    file: relativePath,
    url: (refused) => urls.get(relativePath, refused),
    receive: (url) => receive(call, relativePath, url),
    runtime: n8nRuntime,
    signal: call.signal,
  });
}

async function receive(call: OperationCall, file: string, url: string): Promise<Downloaded> {
  try {
    const { statusCode: status, headers: rawHeaders, body } = await requestStream(call, url);
    const headers = joinHeaders(rawHeaders);
    if (status === 200) return await store(call, file, body as NodeStream, headers);
    const text = await readStart(body as NodeStream);
    throw readOutputRefusal({ file, url, status, headers, text, nowMs: n8nRuntime.now() });
  } catch (error) {
    call.signal.throwIfAborted();
    throw requestFailure(error, { method: "GET", url, timeoutMs: TIMEOUT_MS });
  }
}

/** Sent without the key: the URL is signed and does not belong to the API. */
async function requestStream(call: OperationCall, url: string): Promise<IN8nHttpFullResponse> {
  return call.context.helpers.httpRequest({
    url,
    encoding: "stream",
    returnFullResponse: true,
    ignoreHttpStatusErrors: true,
    timeout: TIMEOUT_MS,
    abortSignal: call.signal,
  });
}

async function store(
  call: OperationCall,
  file: string,
  body: NodeStream,
  headers: Readonly<Record<string, string>>,
): Promise<Downloaded> {
  let sizeBytes = 0;
  async function* watch() {
    for await (const chunk of body) {
      sizeBytes += chunk.length;
      yield chunk as Uint8Array;
    }
  }
  const fileName = baseName(file);
  const extension = fileName.slice(fileName.lastIndexOf(".") + 1).toLowerCase();
  // Without a name and a type, n8n would take them from the URL, whose query contains the signature.
  const binary = await call.context.helpers.prepareBinaryData(
    streamLike(body, watch()),
    fileName,
    MIME_TYPES[extension] ?? "application/octet-stream",
  );
  await using content = storedBytes(call.context.helpers, binary, sizeBytes);
  // n8n decompresses responses but keeps the compressed length. The content is then checked more closely.
  const isLengthKnown = Number(headers["content-length"] ?? Number.NaN) === sizeBytes;
  const problem = await findProblem(fileName, { content, isLengthKnown });
  if (problem !== undefined) throw corruptFile(fileName, problem);
  return { binary, sizeBytes };
}

async function readStart(body: NodeStream): Promise<string> {
  let start = Buffer.alloc(0);
  for await (const chunk of body) start = Buffer.concat([start, chunk]).subarray(0, MAX_REFUSAL_BYTES);
  return new TextDecoder().decode(start);
}
