import type { IncomingMessage, ServerResponse } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";

/** How a farm answers one request for a file; every share is of the length of what is sent. */
export interface HostileAnswer {
  readonly kind:
    | "whole"
    | "cut"
    | "page"
    | "empty"
    | "status"
    | "garbage"
    | "bad-chunk"
    | "drop"
    | "wrong-length"
    | "false-packing";
  /** Whether another file of the same kind is sent than at first. */
  readonly isOther: boolean;
  readonly etag: '"v1"' | '"v2"' | 'W/"v1"' | undefined;
  readonly isLengthTold: boolean;
  readonly packing: keyof typeof PACKINGS | undefined;
  readonly share: number;
  readonly isFlipped: boolean;
  readonly status: number;
  /** What is said and done when a range is asked for. */
  readonly range: {
    readonly kind: "honest" | "ignored" | "416" | "206-unasked";
    readonly startShift: number;
    readonly endShift: number;
    readonly totalShift: number;
    readonly unit: "bytes" | "items";
    readonly hasRange: boolean;
  };
}

const PACKINGS = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
  zstd: zstdCompressSync,
} as const;

const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

export const hostileAnswer: fc.Arbitrary<HostileAnswer> = fc.record({
  kind: fc.oneof(
    { weight: 4, arbitrary: fc.constant("whole" as const) },
    { weight: 6, arbitrary: fc.constant("cut" as const) },
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        ...([
          "page",
          "empty",
          "status",
          "garbage",
          "bad-chunk",
          "drop",
          "wrong-length",
          "false-packing",
        ] as const),
      ),
    },
  ),
  isOther: mostly(false, true),
  etag: mostly<HostileAnswer["etag"]>('"v1"', '"v2"', 'W/"v1"', undefined),
  isLengthTold: mostly(true, false),
  packing: mostly<HostileAnswer["packing"]>(undefined, "gzip", "deflate", "br", "zstd"),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  isFlipped: mostly(false, true),
  status: fc.constantFrom(204, 302, 400, 401, 403, 404, 410, 429, 500, 503),
  range: fc.record({
    kind: mostly<HostileAnswer["range"]["kind"]>("honest", "ignored", "416", "206-unasked"),
    startShift: mostly(0, -1, 1, 1000),
    endShift: mostly(0, -1, 1, -500),
    totalShift: mostly(0, 1, -1, 10_000),
    unit: mostly<"bytes" | "items">("bytes", "items"),
    hasRange: mostly(true, false),
  }),
});

/** A file as it is, and another one that takes its place at times. */
export interface Versions {
  readonly first: Buffer;
  readonly other: Buffer;
  /** Where a wrong byte shows in the file itself. */
  readonly checkedBytes: readonly [number, number] | undefined;
  /** Whether the file shows where it ends. */
  readonly showsEnd: boolean;
}

export function sendAnswer(
  answer: HostileAnswer,
  versions: Versions,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { kind, packing, isLengthTold } = answer;
  const content = answer.isOther ? versions.other : versions.first;
  if (kind === "drop") return void request.socket.destroy();
  if (kind === "garbage") return void request.socket.end("SSH-2.0-OpenSSH_9.9\r\n\r\n");
  if (kind === "bad-chunk") {
    return void request.socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc");
  }
  if (kind === "status") {
    return void response.writeHead(answer.status, { location: "/elsewhere", "retry-after": "0" }).end();
  }
  if (kind === "page")
    return void response.writeHead(200, { "content-type": "text/html" }).end("<html>login</html>");
  if (kind === "empty") return void response.writeHead(200, { "content-length": 0 }).end();
  const ranged = readRange(answer, content, request);
  const body =
    answer.isFlipped && versions.checkedBytes
      ? flip(ranged, answer.share, versions.checkedBytes)
      : ranged.body;
  const packed = packing && ranged.status === 200 ? PACKINGS[packing](body) : body;
  const isFalselyPacked = kind === "false-packing" && ranged.status === 200;
  const encoding = isFalselyPacked ? "gzip" : packing && ranged.status === 200 ? packing : undefined;
  const sent = isFalselyPacked ? body : packed;
  const cutBytes = Math.floor(sent.length * answer.share);
  const isShort = kind === "wrong-length" && versions.showsEnd;
  const headers = {
    ...(answer.etag && { etag: answer.etag }),
    ...(encoding && { "content-encoding": encoding }),
    ...ranged.headers,
    ...(isLengthTold && { "content-length": isShort ? cutBytes : sent.length }),
  };
  response.writeHead(ranged.status, headers);
  if (isShort) return void response.end(sent.subarray(0, cutBytes));
  if (kind !== "cut") {
    response.write(sent);
    return void response.end();
  }
  // Without a length and without a break it would look complete to everybody.
  response.write(sent.subarray(0, cutBytes), () => setImmediate(() => response.destroy()));
}

function readRange({ range }: HostileAnswer, content: Buffer, request: IncomingMessage) {
  const [, asked] = /^bytes=(\d+)-$/.exec(request.headers.range ?? "") ?? [];
  if (asked !== undefined && range.kind === "416")
    return { status: 416, headers: {}, body: Buffer.from("no"), start: 0 };
  const isPart = asked === undefined ? range.kind === "206-unasked" : range.kind === "honest";
  if (!isPart) return { status: 200, headers: {}, body: content, start: 0 };
  const start = Math.max(0, Math.min(content.length, Number(asked ?? 0) + range.startShift));
  const end = Math.max(start, content.length + Math.min(0, range.endShift));
  const told = `${range.unit} ${start}-${content.length - 1 + range.endShift}/${content.length + range.totalShift}`;
  const headers = range.hasRange ? { "content-range": told } : {};
  return { status: 206, headers, body: content.subarray(start, end), start };
}

function flip(
  { body, start }: { readonly body: Buffer; readonly start: number },
  share: number,
  [from, to]: readonly [number, number],
): Buffer {
  const at = from + Math.floor((to - from) * share) - start;
  const flipped = Buffer.from(body);
  if (at >= 0 && at < flipped.length) flipped[at] = (flipped[at] ?? 0) ^ 0x10;
  return flipped;
}
