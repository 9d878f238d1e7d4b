import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { createOpenApi } from "../src/openapi.ts";
import { EACH_ENDPOINT, requestTo } from "./each-endpoint.ts";
import { SITUATIONS, type Situation, startWithJob } from "./with-job.ts";
import { CONFIG, startSandbox } from "./with-sandbox.ts";

interface Content {
  readonly content: { readonly "application/json": { readonly schema: object; readonly example?: unknown } };
}

interface Operation {
  readonly requestBody?: Content;
  readonly responses: { readonly 200: Content };
}

const { paths, openapi } = createOpenApi("http://localhost");

function operation(name: string): Operation {
  const { method = "", path = "" } = EACH_ENDPOINT.find((endpoint) => endpoint.name === name) ?? {};
  return paths[path]?.[method.toLowerCase()] as Operation;
}

const ajv = new Ajv2020({ strict: false, validateFormats: false });

function problemsOf(schema: object, value: unknown): unknown {
  return ajv.validate(schema, value) ? [] : ajv.errors;
}

const HELPFUL: readonly Situation[] = ["completed", "validated", "created"];

/** A real answer of an endpoint, about a job that has come as far as the endpoint wants. */
async function answerOf(endpoint: (typeof EACH_ENDPOINT)[number]): Promise<unknown> {
  for (const situation of HELPFUL) {
    await using setup = await startWithJob(situation);
    const request = requestTo(endpoint, { id: setup.id, slug: await setup.api.upload() });
    const { status, body } = await setup.api.call(...request);
    if (status === 200) return body;
  }
  throw new Error(`${endpoint.name} refuses jobs that are ${HELPFUL.join(", ")}.`);
}

describe("the OpenAPI document", () => {
  test("is of version 3.1 and has every endpoint, and nothing else", () => {
    expect(openapi).toMatch(/^3\.1/);
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = EACH_ENDPOINT.map(({ method, path }) => `${method} ${path}`);
    expect(described.sort()).toEqual(served.sort());
  });

  test.each(EACH_ENDPOINT)("$name answers as it says", async (endpoint) => {
    const answer = await answerOf(endpoint);
    const { schema } = operation(endpoint.name).responses[200].content["application/json"];
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
