import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { replaceFile } from "../src/node/replace-file.ts";

const refusal = (code: string) => Object.assign(new Error(code), { code });
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
  const write = vi.fn().mockRejectedValueOnce(refusal(code)).mockResolvedValueOnce(undefined);
  await replaceFile("state.json", "text", { write, sleep });
  expect(write).toHaveBeenCalledTimes(2);
});

test.each([
  ["EPERM", 10],
  ["ENOSPC", 1],
])("what stays %s is an error after %i attempts", async (code, attempts) => {
  const write = vi.fn().mockRejectedValue(refusal(code));
  await expect(replaceFile("state.json", "text", { write, sleep })).rejects.toMatchObject({ code });
  expect(write).toHaveBeenCalledTimes(attempts);
});
