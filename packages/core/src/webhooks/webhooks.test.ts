import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { signWebhook, verifyWebhook, webhookKey } from "./index.ts";

const nowMs = Date.parse("2025-11-23T12:00:00.000Z");
const secret = "whsec_äöü";
const event = { event: "onRenderComplete", status: "completed", jobId: "job-1", workspaceId: "w", extra: 1 };
const rawBody = JSON.stringify(event);

/** Independent of our signer: the documented recipe, with Node's own HMAC. */
function sign(encoding: "hex" | "base64" | "base64url", seconds = nowMs / 1000, key = secret) {
  return createHmac("sha256", key).update(`${seconds}.${rawBody}`).digest(encoding);
}

function verify(changes: Partial<Parameters<typeof verifyWebhook>[0]> = {}) {
  const headers = { "X-Renderjuice-Signature": sign("hex"), "X-Renderjuice-Timestamp": String(nowMs / 1000) };
  return verifyWebhook({ rawBody, headers, secrets: [secret], nowMs, ...changes });
}

function withSignature(signature: string, timestamp = String(nowMs / 1000)) {
  return { "x-renderjuice-signature": signature, "x-renderjuice-timestamp": timestamp };
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
    expect((await verify({ secrets: ["new secret", secret] })).jobId).toBe("job-1");
  });

  test("may come as bytes, with headers as lists", async () => {
    const headers = {
      "x-renderjuice-signature": [sign("hex")],
      "x-renderjuice-timestamp": [String(nowMs / 1000)],
    };
    expect((await verify({ rawBody: new TextEncoder().encode(rawBody), headers })).jobId).toBe("job-1");
  });

  test("is what signWebhook makes", async () => {
    expect((await verify({ headers: await signWebhook({ rawBody, secret, nowMs }) })).jobId).toBe("job-1");
  });
});

describe("what is wrong is said", () => {
  test.each([
    ["missing_header", { headers: {} }],
    ["missing_header", { headers: { "x-renderjuice-signature": sign("hex") } }],
    ["timestamp_out_of_range", { nowMs: nowMs + 300_001 }],
    ["timestamp_out_of_range", { nowMs: nowMs - 300_001 }],
    ["timestamp_out_of_range", { headers: withSignature(sign("hex"), "yesterday") }],
    ["signature_mismatch", { secrets: ["another"] }],
    ["signature_mismatch", { secrets: [] }],
    ["signature_mismatch", { headers: withSignature("short") }],
    ["signature_mismatch", { rawBody: JSON.stringify(event, null, 2) }],
    ["body_not_raw", { rawBody: event as never }],
  ])("%s", async (code, changes) => {
    await expect(verify(changes)).rejects.toMatchObject({ code });
  });

  test("an old delivery passes with more tolerance", async () => {
    expect((await verify({ nowMs: nowMs + 3_600_000, toleranceMs: 7_200_000 })).jobId).toBe("job-1");
  });

  test("milliseconds instead of seconds are recognised", async () => {
    await expect(verify({ headers: withSignature(sign("hex"), String(nowMs)) })).rejects.toMatchObject({
      hint: expect.stringContaining("milliseconds"),
    });
  });

  test("white space around a secret is recognised", async () => {
    await expect(verify({ secrets: [`${secret}\n`] })).rejects.toMatchObject({
      hint: expect.stringContaining("white space"),
    });
  });

  test("a signed body that is no event", async () => {
    const body = "[]";
    const headers = await signWebhook({ rawBody: body, secret, nowMs });
    await expect(verify({ rawBody: body, headers })).rejects.toMatchObject({ code: "malformed_payload" });
  });
});

test("changing any byte of body, time or signature is noticed", async () => {
  const content = new TextEncoder().encode(rawBody);
  await fc.assert(
    fc.asyncProperty(fc.nat(content.length - 1), fc.integer({ min: 1, max: 255 }), async (index, mask) => {
      const changed = content.slice();
      changed[index] = (changed[index] ?? 0) ^ mask;
      await expect(verify({ rawBody: changed })).rejects.toMatchObject({ code: "signature_mismatch" });
    }),
  );
  await expect(
    verify({ headers: withSignature(sign("hex"), String(nowMs / 1000 + 1)) }),
  ).rejects.toMatchObject({ code: "signature_mismatch" });
});

test("repeated deliveries share a key", () => {
  expect(webhookKey(event)).toBe("onRenderComplete:job-1");
});
