import { describe, expect, test } from "vitest";
import { startWebService } from "./web-service-emulator.ts";

// Requests as other programs send them, without our client.

/** As `curl -d`, which says nothing about JSON. */
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const JSON_TYPE = { "content-type": "application/json" };

async function ask(url: string, init: RequestInit = {}) {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = response.headers.get("content-type") === "application/json";
  return { status: response.status, body: isJson ? JSON.parse(text) : text };
}

describe("as the published shell examples ask", () => {
  test("requeue: JSON that is not labeled as such, a text as the answer", async () => {
    await using service = await startWebService();
    const id = service.addJob();
    service.jobs.apply("fail", id);
    const body = `{"Command":"requeue","JobID":"${id}"}`;
    const answer = await ask(`${service.url}/api/jobs`, { method: "PUT", headers: FORM, body });
    expect(answer).toEqual({ status: 200, body: "Success" });
    expect(service.stateOf(id)).toBe("Active");
  });

  test("priority: the document out of its array, changed as text, and saved whole", async () => {
    await using service = await startWebService();
    const id = service.addJob();
    const raw = await (await fetch(`${service.url}/api/jobs?JobID=${id}`)).text();
    expect([raw.at(0), raw.at(-1)]).toEqual(["[", "]"]);
    const changed = raw.slice(1, -1).replace(/"Pri":\d+/, '"Pri":70');
    const body = `{"Command":"save", "Job":${changed}}`;
    await ask(`${service.url}/api/jobs`, { method: "PUT", headers: JSON_TYPE, body });
    expect(service.jobs.find(id)?.Props.Pri).toBe(70);
  });

  test("submit: job info and plugin info, the id as the answer", async () => {
    await using service = await startWebService();
    const body = JSON.stringify({
      JobInfo: { Plugin: "CommandScript", Frames: "0", Name: "REST" },
      PluginInfo: { StartupDirectory: "/" },
      AuxFiles: [],
      IdOnly: true,
    });
    const answer = await ask(`${service.url}/api/jobs`, { method: "POST", headers: JSON_TYPE, body });
    expect(answer.body).toEqual({ _id: expect.stringMatching(/^[0-9a-f]{24}$/) });
    expect(service.jobs.find(answer.body._id)?.Props).toMatchObject({ Name: "REST", Tasks: 1 });
  });

  test("submit: auxiliary files are paths of the Web Service's machine; nothing is uploaded", async () => {
    await using service = await startWebService();
    const body = JSON.stringify({ JobInfo: { Plugin: "X" }, PluginInfo: {}, AuxFiles: ["/not/there.txt"] });
    const { status } = await ask(`${service.url}/api/jobs`, { method: "POST", headers: JSON_TYPE, body });
    expect(status).toBe(500);
    expect(service.jobs.list()).toEqual([]);
  });
});

test("as AYON asks: with a user, and the whole document as the answer", async () => {
  const auth = { user: "ayon", password: "pass:word" };
  await using service = await startWebService({ auth });
  const body = JSON.stringify({ JobInfo: { Plugin: "Ayon", Name: "publish" }, PluginInfo: {}, AuxFiles: [] });
  const init = { method: "POST", headers: JSON_TYPE, body };
  expect((await ask(`${service.url}/api/jobs`, init)).status).toBe(401);
  const authorization = `Basic ${btoa("ayon:pass:word")}`;
  const answer = await ask(`${service.url}/api/jobs`, { ...init, headers: { ...JSON_TYPE, authorization } });
  expect(answer.body).toMatchObject({ _id: expect.any(String), Props: { Name: "publish" } });
});

test("as Epic's service asks: details by id, and tasks", async () => {
  await using service = await startWebService();
  const id = service.addJob({ Frames: "1-4" });
  service.jobs.apply("complete", id, [0]);
  const { body } = await ask(`${service.url}/api/jobs?JobID=${id}&Details=true`);
  expect(body[id].Job).toMatchObject({ Status: "Queued", Progress: "25 %" });
  const put = JSON.stringify({ Command: "suspend", JobID: id, TaskList: ["1", 2] });
  await ask(`${service.url}/api/tasks`, { method: "PUT", headers: JSON_TYPE, body: put });
  const tasks = await ask(`${service.url}/api/tasks?JobID=${id}`);
  expect(tasks.body.map(({ State }: { State: string }) => State)).toEqual([
    "Completed",
    "Suspended",
    "Suspended",
    "Queued",
  ]);
  expect((await ask(`${service.url}/api/tasks`, { method: "POST", body: "{}" })).status).toBe(501);
});

test("several jobs in one submission, each after the one before", async () => {
  await using service = await startWebService();
  const job = (Name: string) => ({ JobInfo: { Plugin: "X", Name }, PluginInfo: {}, AuxFiles: [] });
  const body = JSON.stringify({ Jobs: [job("a"), job("b")], Dependent: "true" });
  const { body: made } = await ask(`${service.url}/api/jobs`, { method: "POST", headers: JSON_TYPE, body });
  expect(made[1].Props.Dep).toEqual([{ JobID: made[0]._id }]);
  expect(made.map(({ _id }: { _id: string }) => service.stateOf(_id))).toEqual(["Active", "Pending"]);
});

describe("queries", () => {
  test("an array by ids, without those that are unknown; states; ids only; the deleted ones", async () => {
    await using service = await startWebService();
    const [first, second] = [service.addJob({ Name: "a" }), service.addJob({ Name: "b" })];
    service.jobs.apply("pend", second);
    const jobs = (query: string) => ask(`${service.url}/api/jobs?${query}`).then(({ body }) => body);
    expect((await jobs(`JobID=${second},nobody`)).map(({ _id }: { _id: string }) => _id)).toEqual([second]);
    expect(await jobs("States=Active,Failed&IdOnly=true")).toEqual([first]);
    await ask(`${service.url}/api/jobs?JobID=${first}`, { method: "DELETE" });
    expect(await jobs("IdOnly=true")).toEqual([second]);
    expect(await jobs("Deleted=true&IdOnly=true")).toEqual([first]);
  });
});

test.each([
  ["no body", "", 400],
  ["no command", '{"JobID":"x"}', 400],
  ["an unknown command", '{"Command":"explode","JobID":"JOB"}', 500],
  ["an unknown job", '{"Command":"suspend","JobID":"nobody"}', 500],
])("a PUT with %s is refused", async (_what, body, status) => {
  await using service = await startWebService();
  const text = body.replace("JOB", service.addJob());
  const answer = await ask(`${service.url}/api/jobs`, { method: "PUT", body: text });
  expect(answer).toEqual({ status, body: expect.stringMatching(/^Error: /) });
});

test("faults strike once: an error, a cut connection, an answer that is lost", async () => {
  await using service = await startWebService();
  const id = service.addJob();
  const suspend = () =>
    fetch(`${service.url}/api/jobs`, { method: "PUT", body: `{"Command":"suspend","JobID":"${id}"}` });
  service.failNext("error", "PUT");
  expect((await suspend()).status).toBe(500);
  service.failNext("reset");
  await expect(suspend()).rejects.toThrow();
  expect(service.stateOf(id)).toBe("Active");
  service.failNext("lost-answer");
  await expect(suspend()).rejects.toThrow();
  expect(service.stateOf(id)).toBe("Suspended");
  service.failNext("hang");
  await expect(fetch(`${service.url}/api/jobs`, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
    name: "TimeoutError",
  });
});
