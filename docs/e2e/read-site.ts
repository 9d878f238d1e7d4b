import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Of the site, below which its pages are. */
export const BASE = "/pipeline/";

export interface Page {
  /** As it is addressed: `/pipeline/guides/errors.html`. */
  readonly path: string;
  readonly anchors: ReadonlySet<string>;
  /** As they stand in `href` and `src`. */
  readonly links: readonly string[];
}

/** The built pages, by their addresses. */
export function readPages(folder: string): Map<string, Page> {
  const files = globSync("**/*.html", { cwd: folder });
  return new Map(
    files.map((file) => {
      const path = BASE + file.replaceAll("\\", "/");
      return [path, readPage(path, readFileSync(join(folder, file), "utf8"))];
    }),
  );
}

function readPage(path: string, html: string): Page {
  const valuesOf = (pattern: RegExp) =>
    [...html.matchAll(pattern)].map(([, value = ""]) => unescapeHtml(value));
  return {
    path,
    anchors: new Set(valuesOf(/\s(?:id|name)="([^"]*)"/g)),
    links: [...new Set(valuesOf(/\s(?:href|src)="([^"]*)"/g))],
  };
}

function unescapeHtml(text: string): string {
  return text.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");
}

/** The address of a page that is meant by `/pipeline/`, `/pipeline/start` or `/pipeline/start.html`. */
export function pagePath(path: string): string {
  if (path.endsWith("/")) return `${path}index.html`;
  return /\.\w+$/.test(path) ? path : `${path}.html`;
}
