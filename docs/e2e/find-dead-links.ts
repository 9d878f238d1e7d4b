import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BASE, type Page, pagePath } from "./read-site.ts";

const ORIGIN = "https://renderjuice.github.io";
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** Where others find the site. */
export const SITE_URL = ORIGIN + BASE;

/**
 * Says what is wrong with a link, or nothing. What lies outside of the site and the repository is not fetched; only its
 * form is checked.
 *
 * @param from the address of the page that it stands on
 */
export function findProblem(link: string, from: string, pages: ReadonlyMap<string, Page>, folder: string) {
  const base = new URL(from, ORIGIN);
  if (!URL.canParse(link, base)) return "not an address";
  const url = new URL(link, base);
  if (url.protocol === "data:" || url.protocol === "mailto:") return undefined;
  if (url.hostname === "127.0.0.1" || url.hostname === "localhost") return undefined;
  if (url.protocol !== "https:") return "not https";
  const [, inRepository] =
    /^https:\/\/github\.com\/renderjuice\/pipeline\/(?:blob|tree|edit)\/main\/([^#]*)/.exec(url.href) ?? [];
  if (inRepository !== undefined)
    return existsSync(join(ROOT, decodeURI(inRepository))) ? undefined : "no such file";
  if (url.origin !== ORIGIN || !url.pathname.startsWith(BASE)) return undefined;
  return findProblemInside(url, pages, folder);
}

function findProblemInside(url: URL, pages: ReadonlyMap<string, Page>, folder: string): string | undefined {
  const path = decodeURI(url.pathname);
  const page = pages.get(pagePath(path));
  if (!page) return existsSync(join(folder, path.slice(BASE.length))) ? undefined : "no such page";
  const anchor = decodeURIComponent(url.hash.slice(1));
  return anchor === "" || page.anchors.has(anchor) ? undefined : `no "${anchor}" on that page`;
}
