import { afterAll, beforeAll, expect, test } from "vitest";
import { describeN8n } from "../../../hosts/n8n/describe-n8n.ts";
import { chain, node, noOpNode, readFileNode, webhookNode } from "../../../hosts/n8n/workflows.ts";
import { renderjuiceNode } from "./renderjuice.ts";
import { type Farm, startFarm, THIS_JOB } from "./with-farm.ts";

const SUBMIT = { resource: "job", operation: "submit", frames: "1-2", until: "finished" };

describeN8n("an error, as a user of n8n sees it", () => {
  let farm: Farm;
  beforeAll(async () => {
    farm = await startFarm();
  });
  afterAll(() => farm[Symbol.asyncDispose]());

  /** Sets faults for one run, and returns the error of its last step. */
  async function fail(faults: readonly string[], ...steps: Record<string, unknown>[]) {
    farm.sandbox.faults.add(...faults);
    try {
      const { status, results } = await farm.run(...steps);
      expect(status).toBe("error");
      return results.at(-1)?.error;
    } finally {
      farm.sandbox.faults.clear();
    }
  }

  test("a wrong key", async () => {
    await using other = await startFarm({}, { apiKey: "RJ-wrong" });
    const { results } = await other.run(SUBMIT);
    expect(results[0]?.error).toMatchObject({
      name: "NodeApiError",
      httpCode: "401",
      message: expect.stringContaining("401"),
      description: expect.stringContaining("Check the Renderjuice credential"),
      context: { itemIndex: 0, code: "authentication_failed" },
    });
  });

  test("a server that is not there", async () => {
    await using other = await startFarm({}, { baseUrl: "http://127.0.0.1:1/api" });
    const { results } = await other.run(SUBMIT);
    expect(results[0]?.error).toMatchObject({
      name: "NodeApiError",
      message: "Nothing is listening at 127.0.0.1:1 (ECONNREFUSED).",
      description: expect.stringContaining("Check the address"),
      context: { itemIndex: 0, code: "connection_failed" },
    });
  });

  test("a render that failed, with the farm's reason", async () => {
    expect(await fail(["render-crash"], SUBMIT)).toMatchObject({
      name: "NodeOperationError",
      message: expect.stringMatching(/^Job \S+ failed: \w+/),
      description: expect.stringContaining("submit again"),
      context: { itemIndex: 0, code: "job_failed" },
    });
  });

  test("upload URLs that are always expired", async () => {
    expect(await fail(["expired-upload-url*all"], SUBMIT)).toMatchObject({
      name: "NodeOperationError",
      message: expect.stringContaining("Storage refused shot.blend: Request has expired"),
      description: expect.stringContaining("clock"),
      context: { code: "upload_expired" },
    });
  });

  test("a rate limit that lasts too long", async () => {
    expect(await fail(["rate-limit:3600@createUpload*all"], SUBMIT)).toMatchObject({
      name: "NodeApiError",
      httpCode: "429",
      description: expect.stringContaining("The API asks you to wait 1h."),
      context: { itemIndex: 0, code: "rate_limited" },
    });
  });

  test("a short rate limit is waited for, and n8n's log says so", async () => {
    farm.sandbox.faults.add("rate-limit:1@createUpload");
    const { status } = await farm.run({ ...SUBMIT, until: "created" });
    expect(status).toBe("success");
    expect(farm.n8n.log()).toContain("The API's rate limit was reached. Continuing in 1s.");
  });

  test("an invalid setting", async () => {
    expect(await fail([], { ...SUBMIT, frames: "1-x" })).toMatchObject({
      name: "NodeOperationError",
      message: '"1-x" is not a frame range.',
      description: expect.stringContaining("Examples"),
    });
  });

  test("a job that does not exist", async () => {
    const jobId = { __rl: true, mode: "id", value: "00000000-0000-4000-8000-000000000000" };
    expect(await fail([], { resource: "job", operation: "get", jobId })).toMatchObject({
      name: "NodeApiError",
      httpCode: "404",
      description: expect.stringContaining("Check the job id"),
    });
  });

  test.each([
    "rate-limit:0@startRender",
    "server-error@validateJob*2",
    "lost-response@createJob",
    "lost-response@startRender",
    "expired-upload-url",
    "expired-download-url",
    "upload-reset",
    "download-reset:10",
    "download-error",
    "late-outputs",
    "unknown-status*3",
  ])("%s is survived, with one render", async (fault) => {
    const before = farm.sandbox.statistics.rendersStarted;
    farm.sandbox.faults.add(fault);
    const { status, json } = await farm.run({ ...SUBMIT, until: "downloaded" });
    farm.sandbox.faults.clear();
    expect(status).toBe("success");
    expect(json[0]?.map(({ frame }) => frame)).toEqual([1, 2]);
    expect(farm.sandbox.statistics.rendersStarted - before).toBe(1);
  });

  test("a job that was canceled on the farm is a failed execution, and the error workflow knows which job", async () => {
    const { n8n } = farm;
    const trigger = node("Error", "n8n-nodes-base.errorTrigger");
    const errorWorkflow = await n8n.addWorkflow(chain([trigger, noOpNode()]));
    await n8n.publish(errorWorkflow);
    const workflow = chain([
      webhookNode(),
      readFileNode(farm.scene),
      renderjuiceNode("Submit", { ...SUBMIT, until: "validated" }),
      renderjuiceNode("Cancel", { resource: "job", operation: "cancel", ...THIS_JOB }),
      renderjuiceNode("Wait", { resource: "job", operation: "wait", ...THIS_JOB }),
    ]);
    const { status, nodes } = await n8n.run({
      ...workflow,
      settings: { ...workflow.settings, errorWorkflow },
    });
    expect(status).toBe("error");
    const { jobId } = nodes.Cancel?.items[0]?.json ?? {};
    const error = { message: `Job ${jobId} was cancelled.`, context: { code: "job_canceled", jobId } };
    expect(nodes.Wait?.error).toMatchObject(error);
    const report = await n8n.waitForExecution(errorWorkflow);
    expect(report.nodes.Error?.items).toMatchObject([{ json: { execution: { error } } }]);
  });

  test("files of a job that has none yet are refused immediately", async () => {
    const { results, status } = await farm.run(
      { ...SUBMIT, until: "validated" },
      { resource: "output", operation: "download", ...THIS_JOB },
    );
    expect(status).toBe("error");
    expect(results[1]?.error).toMatchObject({
      message: expect.stringMatching(/^Job \S+ is validated; it has no files yet/),
      description: expect.stringContaining("Wait until it is completed"),
    });
  });

  test.each([
    ["Time Limit (Minutes)", { timeLimitMinutes: "={{ 'ten' }}" }, '"ten" is not a number.'],
    ["Time Limit (Minutes)", { timeLimitMinutes: "={{ -5 }}" }, "-5 is less than 0."],
    ["Time Limit (Minutes)", { timeLimitMinutes: "={{ $json.nope }}" }, "the expression returned nothing."],
    ["Frames", { frames: "={{ $json.nope }}" }, "the expression returned nothing."],
    ["Frames", { frames: "={{ null }}" }, "the expression returned nothing."],
    ["Continue Until", { until: "={{ 'finsihed' }}" }, '"finsihed" is not one of the options.'],
    ["Require Complete Scene", { requireComplete: "={{ 'maybe' }}" }, '"maybe" is neither true nor false.'],
    ["FPS", { renderSettings: { fps: "={{ '23,976' }}" } }, '"23,976" is not a number.'],
    ["Limit", { operation: "getAll", limit: "={{ 0 }}" }, "0 is less than 1."],
    ["Job", { operation: "get", jobId: { __rl: true, mode: "id", value: "={{ $json.nope }}" } }, ""],
  ])("%s: %j is refused before anything is created", async (field, parameters, problem) => {
    const before = farm.sandbox.statistics.jobsCreated;
    expect(await fail([], { ...SUBMIT, ...parameters })).toMatchObject({
      message: expect.stringContaining(problem ? `${field}: ${problem}` : field),
      description: expect.any(String),
    });
    expect(farm.sandbox.statistics.jobsCreated).toBe(before);
  });

  test("numbers, words and files from other nodes are read as they are meant", async () => {
    const { json, status } = await farm.run(
      {
        ...SUBMIT,
        inputBinaryField: "={{ $('File').item.binary.data }}",
        frames: "={{ 3 }}",
        timeLimitMinutes: "={{ '5' }}",
        requireComplete: "={{ 'FALSE' }}",
        renderSettings: {
          notes: "={{ 12345 }}",
          useTiling: "={{ 'FALSE' }}",
          renderEngine: "={{ 'cycles' }}",
        },
      },
      { resource: "job", operation: "get", ...THIS_JOB, simplify: "={{ 'false' }}" },
    );
    expect(status).toBe("success");
    expect(json[1]).toMatchObject([
      {
        requestedConfig: { frameRanges: ["3"], notes: "12345", useTiling: false, renderEngine: "CYCLES" },
      },
    ]);
  });

  test("one of several items fails, and the node continues", async () => {
    const submit = renderjuiceNode(
      "Submit",
      { ...SUBMIT, frames: '={{ $itemIndex === 1 ? "nonsense" : "1" }}' },
      { onError: "continueErrorOutput" },
    );
    const { nodes, status } = await farm.n8n.run(chain([webhookNode(), await farm.readCopies(3), submit]));
    expect(status).toBe("success");
    const [good, bad] = nodes.Submit?.outputs ?? [];
    expect(good?.map(({ json }) => json.status)).toEqual(["completed", "completed"]);
    expect(bad).toMatchObject([
      { json: { error: '"nonsense" is not a frame range.', details: { code: "invalid_option" } } },
    ]);
  });

  test("a run that n8n repeats resumes the first job instead of paying twice", async () => {
    const before = farm.sandbox.statistics.jobsCreated;
    // "get job" is the last request of a finished submit: the first try fails there.
    farm.sandbox.faults.add("server-error@listJobs*6", "server-error@getJob*6");
    const submit = {
      ...renderjuiceNode("Submit", SUBMIT),
      retryOnFail: true,
      maxTries: 3,
      waitBetweenTries: 0,
    };
    const { status } = await farm.n8n.run(chain([webhookNode(), readFileNode(farm.scene), submit]));
    farm.sandbox.faults.clear();
    expect(status).toBe("success");
    expect(farm.sandbox.statistics.jobsCreated - before).toBe(1);
  });
});
