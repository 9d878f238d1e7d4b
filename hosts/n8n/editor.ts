import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { BROWSER_ID } from "./rest-client.ts";
import type { N8n } from "./start-n8n.ts";

interface EditorOptions {
  /** The path of Chromium. */
  readonly executablePath: string;
  /** Where to save pictures of the editor. */
  readonly picturesFolder: string;
}

/** A Chromium in which the owner is signed in to n8n. */
export async function openEditor(n8n: N8n, { executablePath, picturesFolder }: EditorOptions) {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const [name = "", value = ""] = n8n.cookie.split("=");
  await context.addCookies([{ name, value, url: n8n.url }]);
  await context.addInitScript((id) => localStorage.setItem("n8n-browserId", id), BROWSER_ID);
  const page = await context.newPage();
  const complaints = listenForComplaints(page);
  await mkdir(picturesFolder, { recursive: true });
  return {
    page,
    /** Errors and warnings in the console since the last call. */
    takeComplaints: () => complaints.splice(0),
    async openWorkflow(id: string) {
      await page.goto(`${n8n.url}/workflow/${id}`);
      await page.locator('[data-test-id="canvas-node"]').first().waitFor();
    },
    async openNode(nodeName: string) {
      await page.locator(`[data-test-id="canvas-node"][data-node-name="${nodeName}"]`).dblclick();
      await page.locator('[data-test-id="node-execute-button"]').first().waitFor();
    },
    takePicture: (file: string) => page.screenshot({ path: join(picturesFolder, `${file}.png`) }),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

export type Editor = Awaited<ReturnType<typeof openEditor>>;

function listenForComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", ({ message }) => complaints.push(message));
  return complaints;
}
