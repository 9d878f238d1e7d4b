import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { signWebhook } from "./sign-webhook.ts";
import { verifyWebhook, webhookKey } from "./verify-webhook.ts";

const nowMs = Date.parse("2025-11-23T12:00:00.000Z");
const secret = "whsec_äöü";
const event = { event: "onRenderComplete", status: "completed", jobId: "job-1", workspaceId: "w", extra: 1 };
const body = JSON.stringify(event);

/** Independent of our signer: the documented recipe, with Node's own HMAC. */
function sign(encoding: "hex" | "base64" | "base64url", seconds = nowMs / 1000, key = secret) {
  return createHmac("sha256", key).update(`${seconds}.${body}`).digest(encoding);
}

function verify(changes: Partial<Parameters<typeof verifyWebhook>[0]> = {}) {
  const headers = { "X-Renderjuice-Signature": sign("hex"), "X-Renderjuice-Timestamp": String(nowMs / 1000) };
  return verifyWebhook({ body, headers, secret, nowMs, ...changes });
}

function withSignature(signature: string, timestamp = String(nowMs / 1000)) {
  return { "x-renderjuice-signature": signature, "x-renderjuice-timestamp": timestamp };
}

function listValues(headers: Record<string, string>) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
}

describe("a genuine delivery", () => {
  test("is parsed, and what we do not know is kept", async () => {
    expect(await verify()).toEqual(event);
  });

  test.each([
    ["hex", sign("hex")],
    ["upper-case hex", sign("hex").toUpperCase()],
    ["prefixed hex", `sha256=${sign("hex")}`],
    ["base64", sign("base64")],
    ["base64url without padding", sign("base64url")],
  ])("may be signed in %s", async (_form, signature) => {
    expect((await verify({ headers: withSignature(signature) })).jobId).toBe("job-1");
  });

  test("may use any of several secrets", async () => {
    expect((await verify({ secret: ["new secret", secret] })).jobId).toBe("job-1");
  });

  test.each([
    ["bytes", new TextEncoder().encode(body)],
    ["an ArrayBuffer", new TextEncoder().encode(body).buffer],
    ["a Buffer of Node", Buffer.from(body)],
  ])("may come as %s", async (_form, bytes) => {
    expect((await verify({ body: bytes })).jobId).toBe("job-1");
  });

  test.each([
    ["a Headers", new Headers(withSignature(sign("hex")))],
    ["a Map", new Map(Object.entries(withSignature(sign("hex"))))],
    ["lists of values", listValues(withSignature(sign("hex")))],
    [
      "names with capitals",
      { "X-Renderjuice-Signature": sign("hex"), "X-RENDERJUICE-TIMESTAMP": `${nowMs / 1000}` },
    ],
  ])("may come with its headers as %s", async (_form, headers) => {
    expect((await verify({ headers })).jobId).toBe("job-1");
  });

  test("is checked against the clock of this machine, unless told", async () => {
    const headers = await signWebhook({ body, secret });
    expect((await verifyWebhook({ body, headers, secret })).jobId).toBe("job-1");
  });

  test("is what signWebhook makes", async () => {
    expect((await verify({ headers: await signWebhook({ body, secret, nowMs }) })).jobId).toBe("job-1");
  });
});

describe("what is wrong is said", () => {
  test.each([
    ["missing_header", { headers: {} }],
    ["missing_header", { headers: { "x-renderjuice-signature": sign("hex") } }],
    ["timestamp_out_of_range", { nowMs: nowMs + 300_001 }],
    ["timestamp_out_of_range", { nowMs: nowMs - 300_001 }],
    ["timestamp_out_of_range", { headers: withSignature(sign("hex"), "yesterday") }],
    ["signature_mismatch", { secret: "another" }],
    ["invalid_option", { secret: [] }],
    ["invalid_option", { secret: "" }],
    ["invalid_option", { headers: ["x-renderjuice-signature", "1"] as never }],
    ["invalid_option", { headers: undefined as never }],
    ["signature_mismatch", { headers: withSignature("short") }],
    ["signature_mismatch", { body: JSON.stringify(event, null, 2) }],
    ["body_not_raw", { body: event as never }],
  ])("%s", async (code, changes) => {
    await expect(verify(changes)).rejects.toMatchObject({ code });
  });

  test("an old delivery passes with more tolerance", async () => {
    expect((await verify({ nowMs: nowMs + 3_600_000, toleranceMs: 7_200_000 })).jobId).toBe("job-1");
  });

  test("milliseconds instead of seconds are recognized", async () => {
    await expect(verify({ headers: withSignature(sign("hex"), String(nowMs)) })).rejects.toMatchObject({
      hint: expect.stringContaining("milliseconds"),
    });
  });

  test("white space around a secret is recognized", async () => {
    await expect(verify({ secret: `${secret}\n` })).rejects.toMatchObject({
      hint: expect.stringContaining("white space"),
    });
  });

  test("a signed body that is not an event", async () => {
    const list = "[]";
    const headers = await signWebhook({ body: list, secret, nowMs });
    await expect(verify({ body: list, headers })).rejects.toMatchObject({ code: "malformed_payload" });
  });
});

test("changing any byte of body, time or signature is noticed", async () => {
  const content = new TextEncoder().encode(body);
  await fc.assert(
    fc.asyncProperty(fc.nat(content.length - 1), fc.integer({ min: 1, max: 255 }), async (index, mask) => {
      const changed = content.slice();
      changed[index] = (changed[index] ?? 0) ^ mask;
      await expect(verify({ body: changed })).rejects.toMatchObject({ code: "signature_mismatch" });
    }),
  );
  await expect(
    verify({ headers: withSignature(sign("hex"), String(nowMs / 1000 + 1)) }),
  ).rejects.toMatchObject({ code: "signature_mismatch" });
});

test("repeated deliveries share a key", () => {
  expect(webhookKey(event)).toBe("onRenderComplete:job-1");
});
