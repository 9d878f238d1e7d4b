import { expect, test } from "vitest";
import { findTaggedJobs, tagNotes } from "../src/adapter.ts";
import { startSandbox } from "./with-sandbox.ts";
import { startServer } from "./with-server.ts";

test("a tag goes behind the user's own notes", () => {
  expect(tagNotes(undefined, "run-1")).toBe("[run-1]");
  expect(tagNotes("take 2", "run-1")).toBe("take 2 [run-1]");
});

test("renders are found by their tags, on every page", async () => {
  await using setup = await startSandbox({ faults: ["page-size-limit:2*all"] });
  const submit = async (notes: string, name: string) => {
    const scene = await setup.writeScene(name);
    const { job } = await setup.client.submit(scene, { frames: "1", settings: { notes }, until: "started" });
    return job.id;
  };
  const first = await submit(tagNotes("take 1", "run-1"), "a.blend");
  await submit("no tag: run-1", "b.blend");
  const second = await submit(tagNotes(undefined, "run-2"), "c.blend");
  const again = await submit(tagNotes(undefined, "run-1"), "d.blend");

  const { jobs, isComplete } = await findTaggedJobs(setup.client, (tag) => tag.startsWith("run-"));
  const ids = Object.fromEntries([...jobs].map(([tag, found]) => [tag, found.map(({ id }) => id).sort()]));
  expect(ids).toEqual({ "run-1": [first, again].sort(), "run-2": [second] });
  expect(isComplete).toBe(true);
});

test("a list without end is not read for ever, and the answer says so", async () => {
  let made = 0;
  const job = () => ({ id: `job-${++made}`, status: "rendering", requestedConfig: { notes: "[run-1]" } });
  await using server = await startServer(() => ({ body: { jobs: Array.from({ length: 100 }, job) } }));
  const { jobs, isComplete } = await findTaggedJobs(server.client, () => true);
  expect(isComplete).toBe(false);
  expect(jobs.get("run-1")).toHaveLength(2000);
  expect(server.requests).toHaveLength(21);
});
