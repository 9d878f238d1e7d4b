import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { findChromium } from "../../../hosts/lib/test-programs.ts";

/** Pictures of job summaries, for people to look at. */
const PICTURES = fileURLToPath(new URL("../test-output/", import.meta.url));
const STYLES = createRequire(import.meta.url).resolve("github-markdown-css/github-markdown-light.css");

/** Draws a job summary as GitHub shows it. @returns its visible text; undefined without Chromium */
export async function takeSummaryPicture(summary: string, name: string): Promise<string | undefined> {
  const executablePath = findChromium();
  if (!executablePath) return undefined;
  await mkdir(PICTURES, { recursive: true });
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: { width: 980, height: 400 } });
    const styles = await readFile(STYLES, "utf8");
    await page.setContent(
      `<style>${styles}</style><main class="markdown-body" style="padding: 24px">${summary}</main>`,
    );
    await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
    // biome-ignore lint/performance/useDomNodeTextContent: as people see it, with space between cells
    return await page.locator("main").innerText();
  } finally {
    await browser.close();
  }
}
