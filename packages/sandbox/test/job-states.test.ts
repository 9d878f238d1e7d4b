import { describe, expect, test } from "vitest";
import { startWithJob } from "./with-job.ts";
import { CONFIG, refusal } from "./with-sandbox.ts";

/** What each action may do in each situation; `again` is a start that was made already. */
const TABLE = [
  { situation: "created", validate: "yes", render: "no", cancel: "yes" },
  { situation: "validating", validate: "no", render: "no", cancel: "yes" },
  { situation: "validated", validate: "no", render: "yes", cancel: "yes" },
  { situation: "booting", validate: "no", render: "again", cancel: "yes" },
  { situation: "rendering", validate: "no", render: "again", cancel: "yes" },
  { situation: "finalizing", validate: "no", render: "again", cancel: "yes" },
  { situation: "completed", validate: "no", render: "again", cancel: "no" },
  { situation: "failed in validation", validate: "no", render: "no", cancel: "no" },
  { situation: "failed in the render", validate: "no", render: "again", cancel: "no" },
  { situation: "canceled before the render", validate: "no", render: "no", cancel: "no" },
  { situation: "canceled in the render", validate: "no", render: "again", cancel: "no" },
] as const;

const ACTIONS = {
  validate: { body: undefined, becomes: "validating" },
  render: { body: { requestedRenderConfig: CONFIG }, becomes: "rendering" },
  cancel: { body: undefined, becomes: "canceled" },
} as const;

describe.each(TABLE)("a job that is $situation", ({ situation, ...allowed }) => {
  test.each(["validate", "render", "cancel"] as const)(`%s`, async (action) => {
    await using setup = await startWithJob(situation);
    const { api, id } = setup;
    const { body, becomes } = ACTIONS[action];
    const before = await api.getJob(id);
    const answer = await api.post(`/jobs/${id}/${action}`, body);
    const after = await api.getJob(id);

    if (allowed[action] === "no") {
      expect(answer).toMatchObject(refusal(400, "wrong_state"));
      expect(after).toEqual(before);
    } else {
      expect(answer).toMatchObject({ status: 200, body: after });
      expect(after.status).toBe(allowed[action] === "yes" ? becomes : before.status);
      expect(answer.headers.has("x-idempotent-replay")).toBe(allowed[action] === "again");
    }
  });
});
