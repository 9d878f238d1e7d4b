import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { renameHeld } from "../src/node/download/part-file.ts";
import { replaceFile } from "../src/node/files/replace-file.ts";

const refusal = (code: string) => Object.assign(new Error(code), { code, syscall: "rename" });
const sleep = async () => undefined;

test("a file is replaced, and nothing else is left beside it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "replace-file-"));
  const path = join(folder, "state.json");
  await replaceFile(path, "one");
  await replaceFile(path, "two");
  expect(await readFile(path, "utf8")).toBe("two");
  expect(await readdir(folder)).toEqual(["state.json"]);
});

test.each(["EPERM", "EACCES", "EBUSY"])("a file that somebody has open (%s) is waited for", async (code) => {
  const move = vi.fn().mockRejectedValueOnce(refusal(code)).mockResolvedValueOnce(undefined);
  await renameHeld("part", "state.json", move, sleep);
  expect(move).toHaveBeenCalledTimes(2);
});

test.each([
  ["EPERM", 10],
  ["ENOSPC", 1],
])("what stays %s is an error after %i attempts", async (code, attempts) => {
  const move = vi.fn().mockRejectedValue(refusal(code));
  await expect(renameHeld("part", "state.json", move, sleep)).rejects.toMatchObject({
    code: "file_system_error",
    systemCode: code,
    path: "state.json",
  });
  expect(move).toHaveBeenCalledTimes(attempts);
});

test("of several writes at once the last one stays", async () => {
  const folder = await mkdtemp(join(tmpdir(), "replace-file-"));
  const path = join(folder, "state.json");
  const texts = Array.from({ length: 20 }, (_, index) => `${index}`.repeat((20 - index) * 5000));
  await Promise.all(texts.map((text) => replaceFile(path, text)));
  expect(await readFile(path, "utf8")).toBe(texts.at(-1));
  expect(await readdir(folder)).toEqual(["state.json"]);
});
