/** What is known about a file when its rest is requested. */
export interface AskedRange {
  readonly startBytes: number;
  /** Of the whole file; undefined if the host has not told us. */
  readonly totalBytes: number | undefined;
  readonly etag: string;
}

/**
 * Reads the response to a request for the rest of a file.
 *
 * @returns the length of the whole file; undefined if the response is about another file or another part
 */
export function readContentRange(
  headers: Readonly<Record<string, string>>,
  asked: AskedRange,
): number | undefined {
  const [, start, end, total] =
    /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers["content-range"]?.trim() ?? "") ?? [];
  const [startBytes, lastByte, totalBytes] = [Number(start), Number(end), Number(total)];
  const length = headers["content-length"];
  const isAsked =
    total !== undefined &&
    startBytes === asked.startBytes &&
    lastByte === totalBytes - 1 &&
    (asked.totalBytes === undefined || totalBytes === asked.totalBytes) &&
    (length === undefined || Number(length) === totalBytes - startBytes) &&
    headers.etag === asked.etag &&
    headers["content-encoding"] === undefined;
  return isAsked ? totalBytes : undefined;
}
