import fc from "fast-check";
import { expect, test } from "vitest";
import type { ClientEvent } from "../src/index.ts";
import { startServer } from "./with-server.ts";

const token = fc.stringMatching(/^[A-Za-z0-9]{12,40}$/);

/** The many ways in which a server, a proxy or a storage host could repeat what it was told. */
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
      await using client = await createNodeClient({
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

function describeCauses(error: unknown): string {
  return error instanceof Error ? `${error.message} ${error.stack} ${describeCauses(error.cause)}` : "";
}
