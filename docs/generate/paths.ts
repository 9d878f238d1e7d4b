import { fileURLToPath } from "node:url";

const inDocs = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

export const DOCS = inDocs(".");
/** Parts of pages, which these include. */
export const GENERATED = inDocs("generated/");
/** Whole pages, one per exported name. */
export const API_PAGES = inDocs("reference/api/");
/** The viewer of the OpenAPI document, served as it is. */
export const PLAYGROUND = inDocs("public/playground/");
export const ROOT = inDocs("..");
/** Of all packages that are documented. */
export const TSCONFIG = inDocs("generate/api.tsconfig.json");
export const SOURCE_URL = "https://github.com/renderjuice/pipeline/blob/main";
