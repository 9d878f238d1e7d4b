import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ClientEvent, FileSystemError, redactText, redactValue } from "../src/adapter.ts";
import { loadCredentials } from "../src/node/adapter.ts";
import { redactExcerpt } from "../src/text/redact.ts";
import { startServer } from "./with-server.ts";

const token = fc.stringMatching(/^[A-Za-z0-9]{12,40}$/);

/** The many ways in which a server, a proxy or a storage host could repeat what it received. */
const answers = (key: string, url: string) => [
  { status: 401, body: { message: `Key ${key} is not valid`, key } },
  { status: 400, body: `<html>Authorization: Bearer ${key}</html>` },
  { status: 500, body: { error: { url, headers: { authorization: `Bearer ${key}` } } } },
  { status: 403, body: `<Error><Url>${url}</Url></Error>`, headers: { "x-request-id": key } },
  { status: 200, body: `not json ${key} ${url}` },
];

test("keys and signed URLs never show in errors or events, wherever the server puts them", async () => {
  let answer: ReturnType<typeof answers>[number] | undefined;
  await using server = await startServer(() => answer ?? {});
  await fc.assert(
    fc.asyncProperty(token, token, fc.nat(4), async (secret, signature, index) => {
      const key = `RJ-${secret}`;
      answer = answers(key, `https://host/file.png?X-Amz-Signature=${signature}&expires=1`)[index];
      const events: ClientEvent[] = [];
      const { createNodeClient } = await import("../src/node/index.ts");
      await using client = createNodeClient({
        ...{ apiKey: key, baseUrl: server.url, env: {}, retry: { maxAttempts: 2, initialDelayMs: 0 } },
        onEvent: (event) => events.push(event),
      });
      const error = await client.jobs.get("j1").catch((thrown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect(events.length).toBeGreaterThan(0);
      const shown = [
        JSON.stringify(events),
        String(error),
        error.stack,
        JSON.stringify(error),
        describeCauses(error),
      ].join();
      expect(shown).not.toContain(secret);
      expect(shown).not.toContain(signature);
    }),
    { numRuns: 60 },
  );
});

test("printed or made JSON of, nothing that holds the key shows it", async () => {
  await using server = await startServer(() => ({ status: 401 }), { apiKey: "RJ-hidden" });
  const error = await server.client.jobs.get("j1").catch((thrown) => thrown);
  const credentials = loadCredentials({ apiKey: "RJ-hidden", env: {} });
  for (const value of [server.client, server.client.jobs, server.client.uploads, error, credentials]) {
    expect(inspect(value, { depth: 10, showHidden: true, getters: false })).not.toContain("hidden");
    expect(JSON.stringify(value)).not.toContain("hidden");
  }
});

describe("a text that is cut", () => {
  test("removes a secret at the end completely", () => {
    fc.assert(
      fc.property(token, fc.nat(60), (secret, before) => {
        const shown = redactExcerpt(`${"x ".repeat(30)}${secret} and more`, before + 40, [secret]);
        for (let length = 4; length <= secret.length; length++) {
          expect(shown).not.toContain(secret.slice(0, length));
        }
      }),
    );
  });

  test("is not looked at beyond the cut, however long it is", async () => {
    await using server = await startServer(() => ({ status: 400, body: "http://a eyJ-".repeat(500_000) }));
    const error = await server.client.jobs.get("j1").catch((thrown) => thrown);
    expect(error).toMatchObject({ status: 400 });
    expect(error.body.length).toBeLessThan(3000);
    expect(error.message.length).toBeLessThan(1000);
  });
});

test.each([
  "/shots/RJ-Studio/sh010",
  "/shots/RJ-Studio-projects-2026/sh010",
  "C:\\shots\\RJ-Studio-projects-2026\\sh010",
  "/shots/sig=1/a?token=abc",
  "/shots/Bearer abc/eyJ1",
])("the name of a folder is not a secret: %s", (path) => {
  expect(redactText(`${path} cannot be written.`)).toBe(`${path} cannot be written.`);
});

test("a place on this machine is not changed, wherever it is named; what only looks like one is", () => {
  const outDir = "/shots/RJ-Studio-projects-2026";
  const path = `${outDir}/sig=0123456789/eyJhbGciOiJIUzI1NiJ9.png`;
  expect(redactValue({ outDir, files: [{ path }] })).toEqual({ outDir, files: [{ path }] });
  expect(new FileSystemError({ path, systemCode: "ENOSPC" }).toJSON()).toMatchObject({ path });
  expect(redactValue({ path: "https://host/a?sig=0123456789" })).toEqual({
    path: "https://host/a?[redacted]",
  });
  expect(redactValue({ path: `${outDir}/the-key` }, ["the-key"])).toEqual({ path: `${outDir}/[redacted]` });
});

test("what a server quotes begins no line of an error", async () => {
  await using server = await startServer(() => ({ body: '{"a\n::error::PWN\u2028' }));
  const error = await server.client.jobs.get("j1").catch((thrown) => thrown);
  expect(error).toMatchObject({ code: "unexpected_response" });
  expect(error.message).not.toMatch(/[\n\u2028]/);
});

test("what a proxy quotes of the credentials is hidden", () => {
  expect(redactText("Proxy-Authorization: Basic dXNlcjpwYXNz\r\n")).not.toContain("dXNl");
  expect(redactText('{"authorization": "Basic dXNlcjpwYXNz"}')).not.toContain("dXNl");
});

test("what storage quotes of a signature is hidden", () => {
  const body = "<SignatureProvided>c2lnbmVk</SignatureProvided><SecurityToken>IQoJ</SecurityToken>";
  expect(redactText(body)).not.toMatch(/c2ln|IQoJ/);
});

test("values that are nested without end do not end the program", () => {
  let value: unknown = "x";
  for (let depth = 0; depth < 100_000; depth++) value = [value];
  expect(JSON.stringify(redactValue(value))).toContain("[too deep]");
});

function describeCauses(error: unknown): string {
  return error instanceof Error ? `${error.message} ${error.stack} ${describeCauses(error.cause)}` : "";
}
