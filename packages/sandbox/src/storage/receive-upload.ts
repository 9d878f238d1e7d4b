import { createWriteStream, renameSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { dirname } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { MAX_UPLOAD_BYTES } from "@renderjuice/core/adapter";
import type { StorageContext } from "./storage-host.ts";
import { StorageRefusal } from "./storage-refusal.ts";

const BUFFER_BYTES = 4 * 1024 * 1024;

/** Streams the body to disk, under a temporary name until it is complete. */
export async function receiveUpload(
  context: StorageContext,
  slug: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const upload = context.store.findUpload(slug);
  if (!upload) throw new StorageRefusal(404, "NoSuchKey", "The specified key does not exist.");
  const sizeBytes = readLength(request);
  const failure = context.faults.take("upload-error");
  if (failure !== undefined)
    throw new StorageRefusal(Number(failure || 503), "SlowDown", "Please reduce your request rate.");
  if (upload.sizeBytes !== null) throw usedUrl();
  const path = context.paths.upload(slug, upload.fileType);
  await receive(context, request, path, (partPath) => {
    // Another request may have been faster, and a job may use its file. Synchronous, so that nothing comes in between.
    if (context.store.findUpload(slug)?.sizeBytes !== null) throw usedUrl();
    renameSync(partPath, path);
    context.store.finishUpload(slug, sizeBytes);
  });
  context.statistics.uploads += 1;
  context.statistics.uploadedBytes += sizeBytes;
  if (context.faults.take("upload-lost-response") !== undefined) request.socket.destroy();
  else response.writeHead(200, { "content-length": "0" }).end();
}

function usedUrl(): StorageRefusal {
  return new StorageRefusal(403, "AccessDenied", "This URL was already used.");
}

function readLength(request: IncomingMessage): number {
  const text = request.headers["content-length"];
  if (text === undefined)
    throw new StorageRefusal(411, "MissingContentLength", "You must provide the Content-Length header.");
  const sizeBytes = Number(text);
  if (sizeBytes < MAX_UPLOAD_BYTES) return sizeBytes;
  throw new StorageRefusal(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size.");
}

async function receive(
  context: StorageContext,
  request: IncomingMessage,
  path: string,
  finish: (partPath: string) => void,
): Promise<void> {
  const partPath = `${path}.${process.hrtime.bigint()}.part`;
  await mkdir(dirname(path), { recursive: true });
  const resetAfter = context.faults.take("upload-reset");
  const stages = resetAfter === undefined ? [] : [cutAfter(Number(resetAfter || 1000), request)];
  try {
    // A body that is shorter than its Content-Length causes an error here, since Node checks it.
    await pipeline([request, ...stages, createWriteStream(partPath, { highWaterMark: BUFFER_BYTES })]);
    finish(partPath);
  } catch (error) {
    await rm(partPath, { force: true });
    throw error;
  }
}

function cutAfter(limitBytes: number, request: IncomingMessage): Transform {
  let receivedBytes = 0;
  return new Transform({
    transform(chunk, _encoding, callback) {
      receivedBytes += chunk.length;
      if (receivedBytes <= limitBytes) return callback(null, chunk);
      request.socket.resetAndDestroy();
      callback(new Error("The connection was cut (fault)."));
    },
  });
}
