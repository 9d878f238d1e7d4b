import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { ENDPOINTS } from "../src/endpoints.ts";
import { createOpenApi } from "../src/openapi.ts";
import { SITUATIONS, startWithJob } from "./with-job.ts";
import { type Api, CONFIG, startSandbox } from "./with-sandbox.ts";

interface Content {
  readonly content: { readonly "application/json": { readonly schema: object; readonly example?: unknown } };
}

interface Operation {
  readonly requestBody?: Content;
  readonly responses: { readonly 200: Content };
}

const { paths, openapi } = createOpenApi("http://localhost");

function operation(name: string): Operation {
  const { method = "", path = "" } = ENDPOINTS.find((endpoint) => endpoint.name === name) ?? {};
  return paths[path.replace(":id", "{id}")]?.[method.toLowerCase()] as Operation;
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });

function problemsOf(schema: object, value: unknown): unknown {
  return ajv.validate(schema, value) ? [] : ajv.errors;
}

/** One real answer of each endpoint. */
async function answerOf(name: string, api: Api): Promise<unknown> {
  const { id } = await api.complete();
  const fresh = await api.createJob();
  switch (name) {
    case "createUpload":
      return api.createUpload();
    case "createJob":
      return fresh;
    case "listJobs":
      return api.listJobs();
    case "getJob":
      return (await api.get(`/jobs/${id}`)).body;
    case "validateJob":
      return api.validate(fresh.id);
    case "startRender":
      return api.render(id);
    case "cancelJob":
      return (await api.post(`/jobs/${fresh.id}/cancel`)).body;
    case "getProgress":
      return (await api.get(`/jobs/${id}/progress`)).body;
    case "getAllProgress":
      return (await api.get("/jobs/progress")).body;
    default:
      return api.downloads(id);
  }
}

describe("the OpenAPI document", () => {
  test("is of version 3.1 and has every endpoint, and nothing else", () => {
    expect(openapi).toMatch(/^3\.1/);
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = ENDPOINTS.map(({ method, path }) => `${method} ${path.replace(":id", "{id}")}`);
    expect(described.sort()).toEqual(served.sort());
  });

  test.each(ENDPOINTS.map(({ name }) => name))("%s answers as it says", async (name) => {
    await using setup = await startSandbox();
    const answer = await answerOf(name, setup.api);
    const { schema } = operation(name).responses[200].content["application/json"];
    expect(problemsOf(schema, answer)).toEqual([]);
    expect(problemsOf(schema, "no such answer")).not.toEqual([]);
  });

  test.each(["getProgress", "getAllProgress"])("%s has entries as it says", async (name) => {
    await using setup = await startWithJob("rendering");
    const path = name === "getProgress" ? `/jobs/${setup.id}/progress` : "/jobs/progress";
    const { schema } = operation(name).responses[200].content["application/json"];
    const { body } = await setup.api.get(path);
    expect(body).toHaveLength(1);
    expect(problemsOf(schema, body)).toEqual([]);
    expect(problemsOf(schema, [{ frames: 3 }])).not.toEqual([]);
  });

  test.each(SITUATIONS)("getJob shows a job that is %s as it says", async (situation) => {
    await using setup = await startWithJob(situation);
    const { schema } = operation("getJob").responses[200].content["application/json"];
    expect(problemsOf(schema, (await setup.api.get(`/jobs/${setup.id}`)).body)).toEqual([]);
  });

  test.each([
    [
      "createUpload",
      { fileName: "shot.blend", fileType: "blend" },
      { fileName: "shot.blend", fileType: "exe" },
    ],
    ["createJob", { slug: "x" }, { slug: "" }],
    ["startRender", { requestedRenderConfig: CONFIG }, { requestedRenderConfig: { ...CONFIG, sampels: 3 } }],
  ])("%s takes what it says, and its example", (name, good, bad) => {
    const { schema, example } = operation(name).requestBody?.content["application/json"] ?? { schema: {} };
    expect(problemsOf(schema, good)).toEqual([]);
    expect(problemsOf(schema, example)).toEqual([]);
    expect(problemsOf(schema, bad)).not.toEqual([]);
  });

  test("is served, beside a page that may load nothing from elsewhere", async () => {
    await using setup = await startSandbox();
    const { docsUrl } = setup.sandbox;
    const document = await fetch(new URL("/openapi.json", docsUrl));
    expect(await document.json()).toMatchObject({ servers: [{ url: setup.sandbox.url }] });
    const page = await fetch(docsUrl);
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/https?:|\*/);
    const links = [...(await page.text()).matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link);
    expect(links).toEqual(["data:,", "/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js", "/docs/start.js"]);
  });
});
