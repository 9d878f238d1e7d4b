import { expect, test } from "vitest";
import { MayaError, type MayaFailure } from "../src/port/maya-error.ts";
import { waitForJob } from "../src/port/wait-for-job.ts";

const failure = (name: MayaFailure) => new MayaError({ failure: name, message: `Maya is ${name}.` });

/** A Maya that gives the answers that a test chose. */
async function waitFor(answers: readonly unknown[], pid = process.pid) {
  const left = [...answers];
  const said: string[] = [];
  const rpc = {
    async call() {
      const answer = left.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const job = await waitForJob(rpc, {
    key: "4f1c",
    pid,
    say: (line) => said.push(line),
    sleep: async () => undefined,
  });
  return { job, said, left };
}

test("a Maya that exports for an hour answers nothing and then takes no more calls: it is waited for", async () => {
  const silence = Array.from({ length: 240 }, (_, index) => failure(index < 6 ? "silent" : "busy"));
  const { job, said } = await waitFor([
    { state: "running" },
    ...silence,
    { state: "submitted", job: "4f1c" },
  ]);
  expect(job).toBe("4f1c");
  expect(said[0]).toContain("Maya is silent. Waiting.");
});

test("a Maya that has ended is not waited for", async () => {
  const nobody = 2 ** 22 + 1;
  await expect(waitFor([failure("silent")], nobody)).rejects.toMatchObject({ failure: "silent" });
  await expect(waitFor([failure("unreachable")])).rejects.toMatchObject({ failure: "unreachable" });
});

test("a restarted Maya does not know the submission", async () => {
  await expect(waitFor([{ state: "unknown" }])).rejects.toMatchObject({ failure: "lost" });
});

test("what Maya could not submit is its error", async () => {
  const failed = { state: "failed", message: "There is no shot.blend.", hint: "Pass blend=." };
  await expect(waitFor([failed])).rejects.toMatchObject({ failure: "failed", hint: "Pass blend=." });
});
