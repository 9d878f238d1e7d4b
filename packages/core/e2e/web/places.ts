// The places that the specification is run in.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import type { Outcome, Surroundings } from "./specification.ts";

/** Runs `specification`, a module in one file, in Deno, which may talk to this machine and do nothing else. */
export async function runInDeno(
  program: string,
  specification: string,
  surroundings: Surroundings,
): Promise<Outcome[]> {
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-deno-"));
  try {
    const call = `console.log(JSON.stringify(await runSpecification(${JSON.stringify(surroundings)})));`;
    const file = join(folder, "specification.js");
    await writeFile(file, `${specification}\n${call}\n`);
    const args = ["run", "--no-config", "--no-lock", "--no-prompt", "--allow-net=127.0.0.1", file];
    const env = { PATH: process.env.PATH, DENO_DIR: folder, DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
    const { stdout } = await promisify(execFile)(program, args, { env });
    return JSON.parse(stdout) as Outcome[];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The program that npm has installed for this platform, next to a script that would only look for it. */
export function findDeno(): string | undefined {
  const require = createRequire(import.meta.url);
  const manifest = require("deno/package.json") as { optionalDependencies: Record<string, string> };
  const find = createRequire(require.resolve("deno/package.json"));
  for (const name of Object.keys(manifest.optionalDependencies)) {
    try {
      const program = process.platform === "win32" ? "deno.exe" : "deno";
      return join(dirname(find.resolve(`${name}/package.json`)), program);
    } catch {}
  }
  const missing = `npm has no Deno for ${process.platform} on ${process.arch}`;
  if (process.env.CI) throw new Error(`${missing}.`);
  process.stderr.write(`\nSKIPPED, NOTHING RAN IN DENO: ${missing}.\n`);
  return undefined;
}

/** Runs the specification in an empty page of `origin`, which serves it as `/specification.js`. */
export async function runInPage(
  executablePath: string,
  origin: string,
  surroundings: Surroundings,
): Promise<Outcome[]> {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.goto(origin);
    // As text: what compiles this file would put its own names into a function.
    return await page.evaluate(
      `import("/specification.js").then((module) => module.runSpecification(${JSON.stringify(surroundings)}))`,
    );
  } finally {
    await browser.close();
  }
}
