import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Inbox } from "../src/serve/inbox.ts";

const event = { event: "onRenderComplete", jobId: "render-1", outputs: { frames: ["https://signed?sig=x"] } };
const nowMs = Date.parse("2026-01-01T00:00:00Z");

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "renderjuice-inbox-"));
});
afterEach(() => rm(folder, { recursive: true }));

const files = (name: string) => readdir(join(folder, name));

test("an event is on disk before it counts as taken, without the URLs that open its frames", async () => {
  await using inbox = await Inbox.open(folder);
  const entry = await inbox.add(event, nowMs);
  expect(entry?.file).toMatch(/^onRenderComplete_render-1-[0-9a-f]{12}\.json$/);
  const text = await readFile(join(folder, "pending", entry?.file ?? ""), "utf8");
  expect(JSON.parse(text)).toMatchObject({
    event: { jobId: "render-1" },
    receivedAt: "2026-01-01T00:00:00.000Z",
  });
  expect(text).not.toContain("sig=x");
});

test("it is taken once: also when two come at a time, when it is done, and after a restart", async () => {
  {
    await using inbox = await Inbox.open(folder);
    const [first, second] = await Promise.all([inbox.add(event, nowMs), inbox.add(event, nowMs)]);
    expect([first === undefined, second === undefined]).toEqual([false, true]);
    if (first) expect(await inbox.finish(first)).toBe("done");
    expect(await inbox.add(event, nowMs)).toBeUndefined();
  }
  await using inbox = await Inbox.open(folder);
  expect(await inbox.add(event, nowMs)).toBeUndefined();
  expect(await inbox.pending()).toEqual([]);
});

test("what a process leaves behind is there for the next, as far as it had come", async () => {
  {
    await using inbox = await Inbox.open(folder);
    const entry = await inbox.add(event, nowMs);
    const actions = [
      { verb: "release" as const, deadlineJob: "a", done: "a: pending → active" },
      { verb: "release" as const, deadlineJob: "b" },
    ];
    if (entry) await inbox.save({ ...entry, actions });
  }
  await using inbox = await Inbox.open(folder);
  expect((await inbox.pending())[0]?.actions).toEqual([
    { verb: "release", deadlineJob: "a", done: "a: pending → active" },
    { verb: "release", deadlineJob: "b" },
  ]);
});

test("what cannot be done is kept for people, and is tried again when they move it back", async () => {
  {
    await using inbox = await Inbox.open(folder);
    const entry = await inbox.add(event, nowMs);
    const actions = [{ verb: "release" as const, deadlineJob: "a", problem: "Deadline has no job a." }];
    if (entry) expect(await inbox.finish({ ...entry, actions })).toBe("failed");
  }
  const [file = ""] = await files("failed");
  await rename(join(folder, "failed", file), join(folder, "pending", file));
  await using inbox = await Inbox.open(folder);
  expect((await inbox.pending())[0]?.actions).toEqual([{ verb: "release", deadlineJob: "a" }]);
});

test("names that a sender chooses stay inside the folder, and do not collide", async () => {
  await using inbox = await Inbox.open(folder);
  for (const jobId of ["../../etc/passwd", "______etc_passwd", "x".repeat(5000)])
    expect(await inbox.add({ event: "onRenderComplete", jobId }, nowMs)).toBeDefined();
  expect(await files("pending")).toHaveLength(3);
});

test("what is done is forgotten after a month; what failed is not", async () => {
  for (const name of ["done", "failed"]) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, "old.json"), "{}");
    const old = new Date(Date.now() - 31 * 24 * 3_600_000);
    await utimes(join(folder, name, "old.json"), old, old);
  }
  await using _ = await Inbox.open(folder);
  expect([await files("done"), await files("failed")]).toEqual([[], ["old.json"]]);
});

test("a folder that cannot be made is reported, with the option for another one", async () => {
  await writeFile(join(folder, "file"), "");
  await expect(Inbox.open(join(folder, "file", "state"))).rejects.toMatchObject({
    code: "invalid_option",
    hint: expect.stringContaining("--state"),
  });
});
