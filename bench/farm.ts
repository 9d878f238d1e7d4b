// A stand-in for API and storage that does as little as it can, so that what is measured is the client. Runs as a
// separate process and prints its address. FRAMES and FRAME_BYTES say what the job has made; PADDING_MIB makes each of
// its frames so much larger.
import { randomFillSync } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { crc32, deflateSync } from "node:zlib";

const frameCount = Number(process.env.FRAMES ?? 0);
const frame = createPng(Number(process.env.FRAME_BYTES ?? 100_000), Number(process.env.PADDING_MIB ?? 0));
const frameLength = frame.reduce((length, part) => length + part.length, 0);
const counts = { list: 0, progress: 0, single: 0 };
const jobs = Array.from({ length: Number(process.env.JOBS ?? 0) }, (_, index) => ({
  id: `job-${index}`,
  status: "rendering",
  createdAt: new Date(0).toISOString(),
}));

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://farm");
  if (request.method === "PUT") return discard(request, response);
  if (pathname.startsWith("/frames/")) {
    response.writeHead(200, { "content-length": frameLength, "content-type": "image/png", etag: '"1"' });
    return frame.length === 1 ? response.end(frame[0]) : Readable.from(frame).pipe(response);
  }
  request.resume();
  answer(response, request.method === "POST" ? create(pathname) : route(pathname, searchParams));
});
server.listen(0, "127.0.0.1", () => {
  console.log(address());
});

function discard(request: IncomingMessage, response: ServerResponse): void {
  let receivedBytes = 0;
  request.on("data", (chunk: Buffer) => {
    receivedBytes += chunk.length;
  });
  request.on("end", () => {
    const isComplete = receivedBytes === Number(request.headers["content-length"]);
    response.writeHead(isComplete ? 200 : 400).end();
  });
}

function create(pathname: string): unknown {
  if (pathname === "/jobs") return { id: "job-0", status: "created" };
  return { slug: "scene", uploadUrl: `${address()}/put`, fileName: "scene.blend" };
}

function address(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function route(pathname: string, query: URLSearchParams): unknown {
  if (pathname === "/counts") return counts;
  if (pathname === "/finish") {
    for (const job of jobs) job.status = "completed";
    return {};
  }
  if (pathname.endsWith("/downloads")) {
    const names = Array.from(
      { length: frameCount },
      (_, index) => `shot_${String(index + 1).padStart(4, "0")}.png`,
    );
    const frameOutputs = names.map((fileName) => ({ fileName, url: `${address()}/frames/${fileName}` }));
    return { frames: frameOutputs.map(({ url }) => url), frameOutputs };
  }
  if (pathname === "/jobs/progress") {
    counts.progress += 1;
    return jobs.map(({ id }) => ({ jobId: id, completedFrames: 1, totalFrames: 2 }));
  }
  if (pathname === "/jobs") {
    counts.list += 1;
    return listJobs(Number(query.get("page") ?? 1), Math.min(100, Number(query.get("pageSize") ?? 20)));
  }
  counts.single += 1;
  return jobs.find(({ id }) => pathname === `/jobs/${id}`) ?? {};
}

function listJobs(page: number, pageSize: number): unknown {
  const total = jobs.length;
  return {
    jobs: jobs.slice((page - 1) * pageSize, page * pageSize),
    pagination: { page, pageSize, total, totalPages: Math.ceil(total / pageSize) },
  };
}

function answer(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** The parts of a valid image of about that size: what no image is does not get past the client's check. */
function createPng(sizeBytes: number, paddingMiB: number): readonly Buffer[] {
  const side = Math.ceil(Math.sqrt(sizeBytes));
  const rows = Buffer.alloc(side * (side + 1));
  for (let index = 0; index < rows.length; index++)
    rows[index] = index % (side + 1) === 0 ? 0 : (index * 2654435761) >>> 24;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 8;
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  const image = [signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows, { level: 0 }))];
  const end = chunk("IEND", Buffer.alloc(0));
  if (paddingMiB === 0) return [Buffer.concat([...image, end])];
  // A kind of chunk that programs skip which do not know it.
  const padding = chunk("paDd", randomFillSync(Buffer.alloc(1024 * 1024)));
  return [...image, ...Array<Buffer>(paddingMiB).fill(padding), end];
}

function chunk(type: string, data: Buffer): Buffer {
  const framed = Buffer.alloc(data.length + 12);
  framed.writeUInt32BE(data.length, 0);
  framed.write(type, 4, "latin1");
  data.copy(framed, 8);
  framed.writeUInt32BE(crc32(framed.subarray(4, data.length + 8)), data.length + 8);
  return framed;
}
