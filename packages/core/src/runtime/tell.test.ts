import { expect, test } from "vitest";
import { tell } from "./tell.ts";

test("a listener hears at once, and what it throws is nobody's business", () => {
  const heard: string[] = [];
  tell((news) => {
    heard.push(news);
    throw new Error("The disk is full.");
  }, "started");
  expect(heard).toEqual(["started"]);
});

test("a listener that rejects ends no program", async () => {
  const rejected = new Promise((resolve) => process.once("unhandledRejection", resolve));
  tell(() => Promise.reject(new Error("The disk is full.")), "started");
  const later = new Promise((resolve) => setImmediate(() => resolve("nothing")));
  expect(await Promise.race([rejected, later])).toBe("nothing");
});
