// Shows a render in a web page: node server.ts shot.blend, then open http://localhost:3000
// The API key stays here; the page gets the state of the job, as server-sent events.
import { readFile } from "node:fs/promises";
import { serve } from "@hono/node-server";
import { createNodeClient } from "@renderjuice/core/node";
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";

const [scene = "shot.blend"] = process.argv.slice(2);
const page = await readFile(new URL("page.html", import.meta.url), "utf8");

const client = createNodeClient();
const handle = client.submit(scene, { frames: "1-3" });

const app = new Hono()
  .get("/", (context) => context.html(page))
  .get("/progress", (context) =>
    streamSSE(context, async (stream) => {
      for await (const _ of handle) await stream.writeSSE({ data: JSON.stringify(handle.state) });
      await stream.writeSSE({ event: "end", data: JSON.stringify(handle.state) });
    }),
  );
serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000), hostname: "127.0.0.1" });
await handle;
