import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRunRequest } from "../src/run/run-request.ts";

const REQUEST = { scene: "/proj/a.blend", outDir: "/proj/out", tag: "deadline-j1-0-1" };

async function read(request: object) {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-request-"));
  try {
    const path = join(folder, "request.json");
    await writeFile(path, JSON.stringify(request));
    return await readRunRequest(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("a request without frames is for the scene's own range", async () => {
  expect((await read(REQUEST)).frames).toBeUndefined();
});

test("a request with an empty list of frames is refused, and not taken for one without", async () => {
  await expect(read({ ...REQUEST, frames: "" })).rejects.toThrow(/is not a request: .*frames/s);
});
