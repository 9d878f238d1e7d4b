import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ENDPOINTS } from "@renderjuice/core/adapter";
import { chromium, type Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { findChromium } from "../../../hosts/lib/test-programs.ts";
import { createSandbox } from "../src/index.ts";

/** Where the pictures of the page are left, to be looked at. */
const PICTURES = fileURLToPath(new URL("../test-output/", import.meta.url));

const executablePath = findChromium();

/** Opens the playground and notes what it asks for and complains about. */
async function openPlayground(work: (page: Page, apiKey: string) => Promise<void>) {
  await using sandbox = await createSandbox({ renderer: "simulated" });
  const browser = await chromium.launch({ executablePath: executablePath ?? "", args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    const requests: string[] = [];
    const complaints: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(sandbox.docsUrl);
    await page.getByText("POST", { exact: true }).first().waitFor();
    await work(page, sandbox.apiKeys[0] ?? "");
    const origin = new URL(sandbox.url).origin;
    const foreign = requests.filter((url) => !url.startsWith(origin) && !url.startsWith("data:"));
    return { foreign, complaints };
  } finally {
    await browser.close();
  }
}

describe.skipIf(!executablePath)("the playground in Chromium", () => {
  test("shows all endpoints, asks nobody else, and has nothing to complain about", async () => {
    await mkdir(PICTURES, { recursive: true });
    const { foreign, complaints } = await openPlayground(async (page) => {
      // But for the PUT to storage, whose signed address comes out of the first.
      expect(await page.locator(".opblock").count()).toBe(Object.keys(ENDPOINTS).length);
      await page.screenshot({ path: join(PICTURES, "playground.png"), fullPage: true });
    });
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test("sends a request with a key and shows the answer", async () => {
    const { complaints } = await openPlayground(async (page, apiKey) => {
      await page.getByRole("button", { name: "Authorize" }).first().click();
      await page.locator(".auth-container input").first().fill(apiKey);
      await page.locator(".auth-btn-wrapper .authorize").click();
      await page.locator(".btn-done").click();
      const list = page.locator(".opblock-get", { has: page.locator("[data-path='/jobs']") });
      await list.locator(".opblock-summary").click();
      await list.getByRole("button", { name: "Execute" }).click();
      await list.locator(".live-responses-table .response-col_status", { hasText: "200" }).waitFor();
      expect(await list.locator(".live-responses-table").textContent()).toContain('"pagination"');
      await page.screenshot({ path: join(PICTURES, "playground-answer.png") });
    });
    expect(complaints).toEqual([]);
  });
});
