// Programs that some tests need. If one is missing, its tests are skipped with a message; in CI they fail.
import { existsSync } from "node:fs";
import { findBlender } from "@renderjuice/sandbox";

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export async function hasBlender(): Promise<boolean> {
  const found = await findBlender().catch((error: Error) => error);
  if (!(found instanceof Error)) return true;
  if (process.env.CI) throw found;
  process.stderr.write(`\nSKIPPED, NOTHING WAS RENDERED: ${found.message}\n`);
  return false;
}

/** @returns its program file */
export function findChromium(): string | undefined {
  const found = process.env.RENDERJUICE_CHROMIUM ?? BROWSERS.find((path) => existsSync(path));
  if (found === undefined && process.env.CI) throw new Error("There is no Chromium.");
  if (found === undefined) process.stderr.write("\nSKIPPED, NO PAGE WAS LOOKED AT: there is no Chromium.\n");
  return found;
}
