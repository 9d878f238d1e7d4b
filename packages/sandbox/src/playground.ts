import { readFile } from "node:fs/promises";
import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";
import { createOpenApi } from "./openapi.ts";

/** The same place for the sources and for the built package. */
const ASSETS = new URL("../dist/playground/", import.meta.url);
const CONTENT_TYPES = { "swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript" } as const;

/** Everything comes from this server, and the browser enforces that. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
].join("; ");

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Renderjuice sandbox</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="playground"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#playground",
  persistAuthorization: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

/** `/openapi.json` and an interactive page at `/docs`. */
export function addPlayground(app: Hono<{ Bindings: HttpBindings }>): void {
  app.get("/openapi.json", (c) => c.json(createOpenApi(new URL(c.req.url).origin)));
  app.get("/docs", (c) => c.html(PAGE, 200, { "content-security-policy": POLICY }));
  app.get("/docs/start.js", (c) => c.body(START, 200, { "content-type": "text/javascript" }));
  for (const [name, type] of Object.entries(CONTENT_TYPES)) {
    app.get(`/docs/${name}`, async (c) =>
      c.body(await readFile(new URL(name, ASSETS)), 200, { "content-type": type }),
    );
  }
  app.get("/", (c) => c.redirect("/docs"));
}
