import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSandbox } from "@renderjuice/sandbox";
import { type Browser, chromium, type Page as Tab } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../hosts/lib/test-programs.ts";
import { findProblem, SITE_URL } from "./find-dead-links.ts";
import { type Page, readPages } from "./read-site.ts";
import { type ServedSite, serveSite } from "./serve-site.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const DOCS = join(ROOT, "docs");
const DIST = join(DOCS, ".vitepress/dist");
/** Where the pictures of the site are left, to be looked at. */
const PICTURES = join(DOCS, "test-output");

let pages: Map<string, Page>;

beforeAll(() => {
  execFileSync("pnpm", ["--dir", DOCS, "run", "--silent", "site"], { stdio: "pipe" });
  pages = readPages(DIST);
});

describe("the built site", () => {
  test("every link leads somewhere", () => {
    const dead = [...pages.values()].flatMap(({ path, links }) =>
      links.flatMap((link) => {
        const problem = findProblem(link, path, pages, DIST);
        return problem === undefined ? [] : [`${path}: ${link}: ${problem}`];
      }),
    );
    expect(dead).toEqual([]);
  });

  test("every link of a README leads somewhere, on the site and in the repository", () => {
    const dead = globSync(["*.md", "{packages,examples,hosts,bench}/**/*.md"], { cwd: ROOT })
      .filter((file) => !file.includes("node_modules") && !file.includes("CHANGELOG"))
      .flatMap((file) => deadLinksOf(file).map((link) => `${file}: ${link}`));
    expect(dead).toEqual([]);
  });

  test("language models find a list of the pages, and all of their text", () => {
    expect(readFileSync(join(DIST, "llms.txt"), "utf8")).toContain("/pipeline/start.md");
    expect(readFileSync(join(DIST, "llms-full.txt"), "utf8")).toContain("renderjuice submit");
  });
});

function deadLinksOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8").replace(/^```[\s\S]*?^```/gm, "");
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => {
    if (/^https?:/.test(link)) return findProblem(link, SITE_URL, pages, DIST) !== undefined;
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? join(ROOT, file) : join(ROOT, dirname(file), path);
    if (!existsSync(target)) return true;
    return anchor !== undefined && statSync(target).isFile() && !headingsOf(target).includes(anchor);
  });
}

/** Anchors as GitHub makes them. */
function headingsOf(file: string): string[] {
  const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) => text);
  return headings.map((text) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

const executablePath = findChromium();

describe.skipIf(!executablePath)("the site in Chromium", () => {
  let site: ServedSite;
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    site = await serveSite(DIST);
    browser = await chromium.launch({ executablePath: executablePath ?? "", args: ["--no-sandbox"] });
  });
  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  /** Notes what a tab asks others for and complains about. */
  async function openTab(options: Parameters<Browser["newPage"]>[0] = {}) {
    const tab = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    const foreign: string[] = [];
    const complaints: string[] = [];
    tab.on("request", (request) => {
      if (!request.url().startsWith(site.origin) && !request.url().startsWith("data:"))
        foreign.push(request.url());
    });
    tab.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    tab.on("pageerror", (error) => complaints.push(error.message));
    return { tab, foreign, complaints };
  }

  const LOOKED_AT = [
    "index",
    "start",
    "guides/submit-and-wait",
    "guides/webhooks",
    "adapters/n8n",
    "adapters/cli",
    "verified",
    "reference/index",
    "reference/cli",
    "reference/errors",
    "reference/http-api",
    "reference/api/@renderjuice/core/index",
    "playground/index",
  ];

  test.each([
    { look: "light", options: { colorScheme: "light" } as const },
    { look: "dark", options: { colorScheme: "dark" } as const },
    { look: "phone", options: { viewport: { width: 390, height: 844 } } as const },
  ])("$look: asks nobody else, has nothing to complain about, and fits", async ({ look, options }) => {
    const { tab, foreign, complaints } = await openTab(options);
    const tooWide: string[] = [];
    for (const path of LOOKED_AT) {
      await tab.goto(`${site.url}${path}.html`);
      if (await isTooWide(tab)) tooWide.push(path);
      await tab.screenshot({
        path: join(PICTURES, `${look}-${path.replaceAll("/", "-")}.png`),
        fullPage: false,
      });
    }
    await tab.close();
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
    expect(tooWide).toEqual([]);
  });

  test("the playground sends a request to a sandbox that lets it", async () => {
    await using sandbox = await createSandbox({ renderer: "simulated", allowedOrigins: [site.origin] });
    const { tab, complaints } = await openTab();
    // The document names the port that the page tells people to use; this machine may not have it free.
    await tab.route("**/openapi.json", async (route) => {
      const document = await (await route.fetch()).json();
      await route.fulfill({ json: { ...document, servers: [{ url: sandbox.url }] } });
    });
    await tab.goto(`${site.url}playground/index.html`);
    await tab.getByRole("button", { name: "Authorize" }).first().click();
    await tab
      .locator(".auth-container input")
      .first()
      .fill(sandbox.apiKeys[0] ?? "");
    await tab.locator(".auth-btn-wrapper .authorize").click();
    await tab.locator(".btn-done").click();
    const list = tab.locator(".opblock-get", { has: tab.locator("[data-path='/jobs']") });
    await list.locator(".opblock-summary").click();
    await list.getByRole("button", { name: "Execute" }).click();
    await list.locator(".live-responses-table .response-col_status", { hasText: "200" }).waitFor();
    await tab.close();
    expect(complaints).toEqual([]);
  });

  test("the search finds how to resume", async () => {
    const { tab, foreign } = await openTab();
    await tab.goto(site.url);
    await tab.getByRole("button", { name: "Search" }).first().click();
    await tab.locator("#localsearch-input").fill("resume");
    const results = tab.locator(".VPLocalSearchBox .result");
    await results.filter({ hasText: "Resume, and pay once" }).first().waitFor();
    await tab.screenshot({ path: join(PICTURES, "search.png") });
    await results.filter({ hasText: "Resume, and pay once" }).first().click();
    await tab.waitForURL("**/guides/resume-and-pay-once**");
    await tab.close();
    expect(foreign).toEqual([]);
  });
});

/** Tables and code scroll by themselves; a page that scrolls sideways is broken on a phone. */
function isTooWide(tab: Tab): Promise<boolean> {
  return tab.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1);
}
