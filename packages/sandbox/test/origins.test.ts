import { expect, test } from "vitest";
import { startSandbox } from "./with-sandbox.ts";

const PAGE = "http://localhost:5173";

/** What a browser asks before a page may send a request with a key, or upload. */
function ask(url: string, origin: string, method: string) {
  const headers = {
    origin,
    "access-control-request-method": method,
    "access-control-request-headers": "authorization,content-type",
  };
  return fetch(url, { method: "OPTIONS", headers });
}

function allowed({ headers }: Response) {
  return headers.get("access-control-allow-origin");
}

test("pages of an origin that is allowed may use API and storage", async () => {
  await using setup = await startSandbox({ allowedOrigins: [PAGE] });
  const { uploadUrl } = await setup.api.createUpload();
  for (const [url, method] of [
    [`${setup.sandbox.url}/jobs`, "POST"],
    [uploadUrl, "PUT"],
  ] as const) {
    const answer = await ask(url, PAGE, method);
    expect([answer.status, allowed(answer)]).toEqual([204, PAGE]);
    expect(answer.headers.get("access-control-allow-methods")).toContain(method);
    expect(answer.headers.get("access-control-allow-headers")).toContain("content-type");
  }
  const list = await setup.api.call("GET", "/jobs", undefined, { origin: PAGE });
  expect(list.headers.get("access-control-allow-origin")).toBe(PAGE);
  expect(list.headers.get("access-control-expose-headers")).toContain("Retry-After");
  const put = await fetch(uploadUrl, { method: "PUT", body: "x", headers: { origin: PAGE } });
  expect([put.status, allowed(put)]).toEqual([200, PAGE]);
});

test.each([
  ["another origin than the allowed one", { allowedOrigins: [PAGE] }, "http://evil.example"],
  ["any origin, unless told", {}, PAGE],
])("pages of %s are kept out", async (_what, options, origin) => {
  await using setup = await startSandbox(options);
  const { uploadUrl } = await setup.api.createUpload();
  for (const [url, method] of [
    [`${setup.sandbox.url}/jobs`, "POST"],
    [uploadUrl, "PUT"],
  ] as const)
    expect(allowed(await ask(url, origin, method))).toBeNull();
});

test("no page may switch faults on, also of an origin that is allowed", async () => {
  await using setup = await startSandbox({ allowedOrigins: [PAGE] });
  const url = new URL("/__sandbox/faults", setup.sandbox.url);
  expect(allowed(await ask(url.href, PAGE, "POST"))).toBeNull();
  const answer = await fetch(url, { method: "POST", headers: { origin: PAGE }, body: '{"faults":[]}' });
  expect([answer.status, allowed(answer)]).toEqual([403, null]);
});
