import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { StorageContext } from "./storage-host.ts";
import { StorageRefusal } from "./storage-refusal.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".exr": "image/x-exr",
  ".tif": "image/tiff",
  ".zip": "application/zip",
  ".mp4": "video/mp4",
};

/** Sends a file of a job, whole or from an offset. */
export async function sendFile(
  context: StorageContext,
  jobId: string,
  relativePath: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const failure = context.faults.take("download-error");
  if (failure !== undefined)
    throw new StorageRefusal(Number(failure || 503), "SlowDown", "Please reduce your request rate.");
  const path = findFile(context, jobId, relativePath);
  const stats = await stat(path).catch(() => {
    throw new StorageRefusal(404, "NoSuchKey", "The specified key does not exist.");
  });
  const etag = `"${stats.size.toString(16)}-${stats.mtimeMs.toString(16)}"`;
  const start = readStart(request, etag, stats.size);
  response.writeHead(start === undefined ? 200 : 206, {
    "content-type": CONTENT_TYPES[extname(path).toLowerCase()] ?? "application/octet-stream",
    "content-length": stats.size - (start ?? 0),
    "accept-ranges": "bytes",
    etag,
    ...(start !== undefined && { "content-range": `bytes ${start}-${stats.size - 1}/${stats.size}` }),
  });
  context.statistics.downloads += 1;
  const stream = createReadStream(path, { start: start ?? 0, highWaterMark: 1024 * 1024 });
  await pipeline([stream, ...faultStages(context, response), response]);
}

/** Only files of the job. The path of a signed URL is ours, but checking it costs nothing. */
function findFile({ store, paths }: StorageContext, jobId: string, relativePath: string): string {
  if (relativePath === "frames.zip") return paths.archive(jobId, "frames");
  if (relativePath === "compositeNodes.zip") return paths.archive(jobId, "compositeNodes");
  if (!store.hasFile(jobId, relativePath))
    throw new StorageRefusal(404, "NoSuchKey", "The specified key does not exist.");
  return join(paths.output(jobId), relativePath);
}

/** The requested offset; undefined for the whole file, also if the client knows another version of it. */
function readStart(request: IncomingMessage, etag: string, sizeBytes: number): number | undefined {
  const { range, "if-range": ifRange } = request.headers;
  const [, text] = /^bytes=(\d+)-$/.exec(range ?? "") ?? [];
  if (text === undefined || (ifRange !== undefined && ifRange !== etag)) return undefined;
  const start = Number(text);
  if (start < sizeBytes) return start;
  throw new StorageRefusal(416, "InvalidRange", "The requested range is not satisfiable.");
}

function faultStages({ faults }: StorageContext, response: ServerResponse): Transform[] {
  const resetAfter = faults.take("download-reset");
  if (resetAfter !== undefined) return [cutAfter(Number(resetAfter || 1000), response)];
  const pauseMs = faults.take("download-slow");
  return pauseMs === undefined ? [] : [slowDown(Number(pauseMs || 20))];
}

function cutAfter(limitBytes: number, { socket }: ServerResponse): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      callback(null, chunk.subarray(0, limitBytes));
      // Later, so that the first bytes arrive.
      setTimeout(() => socket?.resetAndDestroy(), 20);
    },
  });
}

function slowDown(pauseMs: number): Transform {
  return new Transform({
    async transform(chunk: Buffer, _encoding, callback) {
      for (let offset = 0; offset < chunk.length; offset += 4096) {
        await delay(pauseMs);
        this.push(chunk.subarray(offset, offset + 4096));
      }
      callback();
    },
  });
}
