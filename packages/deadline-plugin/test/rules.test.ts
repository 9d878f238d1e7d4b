import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planActions, rulesFor } from "../src/serve/plan-actions.ts";
import { readRules } from "../src/serve/read-rules.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "renderjuice-rules-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(text: string, name = "rules.yaml") {
  const path = join(folder, name);
  await writeFile(path, text);
  return readRules(path);
}

/** The message, with the path shortened to the file's name. */
async function problemsOf(text: string): Promise<string> {
  const error = await read(text).then(
    () => new Error("The rules are fine."),
    (reason) => reason,
  );
  return error.message.replaceAll(join(folder, "/"), "");
}

const GOOD = `
rules:
  - when: { event: onRenderComplete }
    do: release
    deadlineJobs: [66a0c1f2e4b0d5a1c2d3e4f5]
`;

describe("rules are read", () => {
  test("from YAML", async () => {
    expect(await read(GOOD)).toEqual([
      {
        when: { event: "onRenderComplete" },
        do: "release",
        deadlineJobs: ["66a0c1f2e4b0d5a1c2d3e4f5"],
      },
    ]);
  });

  test("from JSON", async () => {
    const json = JSON.stringify({ rules: await read(GOOD) }, null, "\t");
    expect(await read(json, "rules.json")).toEqual(await read(GOOD));
  });
});

describe("a problem is reported with its place", () => {
  test.each([
    [
      "a verb",
      GOOD.replace("release", "relase"),
      /rules\.yaml:4:9: rules\[0\]\.do: .*Did you mean release\?/,
    ],
    [
      "an event",
      GOOD.replace("onRenderComplete", "onRenderCompleted"),
      /:3:20: .*Did you mean onRenderComplete\?/,
    ],
    ["a key", GOOD.replace("    do:", "    then: x\n    do:"), /:4:5: rules\[0\]\.then is not a known key\./],
    [
      "a key inside",
      GOOD.replace("event:", "evnt: x, event:"),
      /:3:13: rules\[0\]\.when\.evnt is not a known key/,
    ],
    ["no jobs", GOOD.replace(/\[66.*\]/, "[]"), /:5:19: rules\[0\]\.deadlineJobs: Give at least one/],
    ["a number as id", GOOD.replace(/\[66.*\]/, "[12]"), /:5:20: rules\[0\]\.deadlineJobs\[0\]: .*string/],
    ["a bad template", GOOD.replace(/\[66.*\]/, '["{job}"]'), /:5:20: .*\{helperJob\} or \{match\}/],
    ["a match of nothing", GOOD.replace(/\[66.*\]/, '["{match}"]'), /:5:19: .*no tag that ends in \*/],
    ["a missing part", GOOD.replace("    do: release\n", ""), /:3:5: rules\[0\]\.do: /],
    ["no rules", "rules: []", /:1:8: rules: Write at least one rule/],
    ["an empty file", "", /:1:1: The file: /],
    ["no YAML", "rules: [", /:1:9: /],
  ])("%s", async (_what, text, message) => {
    expect(await problemsOf(text)).toMatch(message);
  });

  test("all of them at once", async () => {
    const text = GOOD.replace("release", "relase").replace("onRenderComplete", "onStart");
    expect(await problemsOf(text)).toMatch(/have 2 problems\.\n.*when\.event.*\n.*do: /);
  });

  test("and a file that is not there", async () => {
    await expect(readRules(join(folder, "none.yaml"))).rejects.toThrow("none.yaml (ENOENT)");
  });
});

describe("what is to be done", () => {
  const event = { event: "onRenderComplete", jobId: "render-1" };

  async function plan(rules: string, tags: readonly string[] = []) {
    const actions = await planActions(rulesFor(await read(`rules:\n${rules}`), event), async () => tags);
    return actions.map(({ verb, deadlineJob }) => `${verb} ${deadlineJob}`);
  }

  test("rules of this event and this render, in their order, each action once", async () => {
    const rules = `
  - { when: { event: onRenderComplete }, do: release, deadlineJobs: [a, b] }
  - { when: { event: onRenderFail }, do: fail, deadlineJobs: [a] }
  - { when: { event: onRenderComplete, renderjuiceJob: render-1 }, do: complete, deadlineJobs: [c] }
  - { when: { event: onRenderComplete, renderjuiceJob: render-2 }, do: complete, deadlineJobs: [d] }
  - { when: { event: onRenderComplete }, do: release, deadlineJobs: [b] }`;
    expect(await plan(rules)).toEqual(["release a", "release b", "complete c"]);
  });

  test("a tag in the notes decides, and may name the job", async () => {
    const rules = `
  - { when: { event: onRenderComplete, tag: sh010 }, do: release, deadlineJobs: [a] }
  - { when: { event: onRenderComplete, tag: "release-*" }, do: release, deadlineJobs: ["{match}"] }`;
    expect(await plan(rules, ["sh010", "release-b", "release-c", "sh0100"])).toEqual([
      "release a",
      "release b",
      "release c",
    ]);
    expect(await plan(rules, ["other"])).toEqual([]);
  });

  test("{helperJob} is the Deadline job that the render plugin rendered for", async () => {
    const rules = `
  - { when: { event: onRenderComplete }, do: complete, deadlineJobs: ["{helperJob}", z] }`;
    expect(await plan(rules, ["deadline-job-66a0", "deadline-run1-0-1"])).toEqual([
      "complete 66a0",
      "complete z",
    ]);
    expect(await plan(rules)).toEqual(["complete z"]);
  });

  test("a render's notes are not asked for when no rule depends on them", async () => {
    const rules = rulesFor(await read(GOOD), event);
    const actions = await planActions(rules, () => Promise.reject(new Error("asked")));
    expect(actions).toHaveLength(1);
  });
});
