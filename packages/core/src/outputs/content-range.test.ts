import { expect, test } from "vitest";
import { readContentRange } from "./content-range.ts";

const asked = { startBytes: 100, totalBytes: 500, etag: '"v1"' };
const fitting = { etag: '"v1"', "content-range": "bytes 100-499/500", "content-length": "400" };

test("the rest that was asked for is taken", () => {
  expect(readContentRange(fitting, asked)).toBe(500);
  expect(readContentRange(fitting, { ...asked, totalBytes: undefined })).toBe(500);
  expect(readContentRange({ etag: '"v1"', "content-range": "bytes 100-499/500" }, asked)).toBe(500);
});

test.each([
  ["another ETag", { etag: '"v2"' }],
  ["a weak ETag", { etag: 'W/"v1"' }],
  ["no ETag", { etag: undefined }],
  ["no range", { "content-range": undefined }],
  ["another unit", { "content-range": "items 100-499/500" }],
  ["another start", { "content-range": "bytes 99-499/500" }],
  ["an end before the end", { "content-range": "bytes 100-498/500", "content-length": "399" }],
  ["an end behind the end", { "content-range": "bytes 100-500/500", "content-length": "401" }],
  ["another total", { "content-range": "bytes 100-599/600", "content-length": "500" }],
  ["an unknown total", { "content-range": "bytes 100-499/*" }],
  ["no end", { "content-range": "bytes */500" }],
  ["another length", { "content-length": "399" }],
  ["a packed part", { "content-encoding": "gzip" }],
])("%s is not what was asked for", (_what, change) => {
  const headers = Object.fromEntries(
    Object.entries({ ...fitting, ...change }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
  expect(readContentRange(headers, asked)).toBeUndefined();
});
