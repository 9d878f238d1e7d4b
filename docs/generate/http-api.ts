import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { jobSchema } from "@renderjuice/core/adapter";
import * as z from "zod/v4";
import { createOpenApi } from "../../packages/sandbox/src/openapi.ts";
import { cell, code, fence, table } from "./markdown.ts";
import { GENERATED, PLAYGROUND } from "./paths.ts";

/** The part of JSON Schema that zod writes. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly description?: string;
}

interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly description?: string;
    readonly schema: Schema;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

type Content = Readonly<Record<"application/json", { readonly schema: Schema; readonly example?: unknown }>>;

const PORT = 8787;
/** Where `renderjuice sandbox --port 8787` listens. */
const SERVER = `http://127.0.0.1:${PORT}`;
const PLAYGROUND_FILES = ["swagger-ui.css", "swagger-ui-bundle.js", "LICENSE"];

export async function writeHttpApi(): Promise<void> {
  const document = createOpenApi(SERVER);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      operation: operation as Operation,
    })),
  );
  // The steps from scene to frames come first, by the numbers in their summaries.
  operations.sort((a, b) => stepOf(a.operation) - stepOf(b.operation));
  const base = document.servers[0]?.url ?? "";
  const sections = operations.map(({ path, method, operation }) =>
    describeOperation(base, method, path, operation),
  );
  sections.push(`## A job\n\n${fieldTable(JOB)}`);
  await writeFile(join(GENERATED, "http-api.md"), sections.join("\n"));
  await copyPlayground(document);
}

const stepOf = ({ summary }: Operation) => Number.parseInt(summary, 10) || Number.POSITIVE_INFINITY;

function describeOperation(base: string, method: string, path: string, operation: Operation): string {
  const { summary, description, parameters, requestBody, responses } = operation;
  const request = requestBody?.content["application/json"];
  const answer = responses["200"]?.content?.["application/json"];
  return [
    `## ${method} ${path.replaceAll("{", "\\{")}\n`,
    `**${summary}.** ${description ?? ""}\n`,
    fence("sh", exampleRequest(base, method, path, request?.example)),
    section(
      "Query",
      table(
        ["parameter", "type", ""],
        parameters
          .filter((each) => each.in === "query")
          .map(({ name, schema, description = "" }) => [code(name), typeOf(schema), cell(description)]),
      ),
    ),
    section("Body", request && fieldTable(request.schema)),
    section("Response", answer && (isJob(answer.schema) ? "[A job](#a-job)\n" : fieldTable(answer.schema))),
  ].join("\n");
}

const section = (title: string, content = "") => (content === "" ? "" : `**${title}**\n\n${content}`);

function exampleRequest(base: string, method: string, path: string, body: unknown): string {
  const url = `${base}${path.replace("{id}", "$JOB")}`;
  const lines = [
    `curl ${method === "GET" ? "" : `-X ${method} `}"${url}"`,
    '  -H "Authorization: Bearer $RENDERJUICE_API_KEY"',
    ...(body === undefined
      ? []
      : ['  -H "Content-Type: application/json"', `  -d '${JSON.stringify(body)}'`]),
  ];
  return lines.join(" \\\n");
}

function fieldTable(schema: Schema): string {
  const rows = fieldsOf(schema, "");
  return rows.length > 0 ? table(["field", "type", ""], rows) : `${typeOf(schema)}\n`;
}

/** It is in most responses, and described once. */
const JOB = z.toJSONSchema(jobSchema, { unrepresentable: "any" }) as Schema;

function isJob(schema: Schema): boolean {
  const withoutDialect = (each: Schema) => JSON.stringify({ ...each, $schema: undefined });
  return withoutDialect(schema) === withoutDialect(JOB);
}

/** One row per field, those inside of others by their path. */
function fieldsOf(schema: Schema, path: string): string[][] {
  if (schema.items) return fieldsOf(schema.items, `${path}[]`);
  const inner = (schema.anyOf ?? []).find(({ properties, items }) => properties ?? items);
  if (inner) return fieldsOf(inner, path);
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const fieldPath = path === "" ? name : `${path}.${name}`;
    const isRequired = schema.required?.includes(name);
    const inner = isJob(field) ? [] : fieldsOf(field, fieldPath);
    return [[code(fieldPath), typeOf(field), isRequired ? "required" : ""], ...inner];
  });
}

function typeOf(schema: Schema): string {
  if (isJob(schema)) return "[job](#a-job)";
  if (schema.enum) return schema.enum.map((value) => code(String(value))).join(" ");
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].filter((type) => type !== "").join(" or ");
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  const types = [schema.type ?? "anything"].flat().filter((type) => type !== "null");
  return types.join(" or ");
}

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Renderjuice HTTP API</title>
<link rel="icon" href="../logo.svg">
<link rel="stylesheet" href="swagger-ui.css">
<style>
body { margin: 0; font: 15px/1.6 sans-serif }
header { max-width: 1460px; margin: 0 auto; padding: 16px 20px 0; box-sizing: border-box; color: #3b4151 }
header a { color: #b3430c }
.swagger-ui .scheme-container .servers select { max-width: 100% }
header code { overflow-wrap: anywhere }
.dark-mode header { color: #e4e6e6 }
.dark-mode header a { color: #ffa94d }
</style>
</head>
<body>
<header>
<a href="../reference/http-api.html">← HTTP API</a>
<p>Requests go to a sandbox on this machine. Start one that takes them from this page, then press <b>Authorize</b> and enter
the key that it prints:</p>
<p><code id="command"></code></p>
</header>
<div id="playground"></div>
<script src="swagger-ui-bundle.js"></script>
<script src="start.js"></script>
</body>
</html>
`;

const START = `// As the site is set, which remembers it here.
const appearance = localStorage.getItem("vitepress-theme-appearance") ?? "auto";
const isDark = appearance === "dark" || (appearance === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
document.documentElement.classList.toggle("dark-mode", isDark);
document.querySelector("#command").textContent = \`renderjuice sandbox --port ${PORT} --allow-origin \${location.origin}\`;
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#playground",
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

async function copyPlayground(document: unknown): Promise<void> {
  const require = createRequire(import.meta.url);
  await rm(PLAYGROUND, { recursive: true, force: true });
  await mkdir(PLAYGROUND, { recursive: true });
  for (const name of PLAYGROUND_FILES) {
    await copyFile(require.resolve(`swagger-ui-dist/${name}`), join(PLAYGROUND, name));
  }
  await writeFile(join(PLAYGROUND, "openapi.json"), JSON.stringify(document, null, 2));
  await writeFile(join(PLAYGROUND, "index.html"), PAGE);
  await writeFile(join(PLAYGROUND, "start.js"), START);
}
