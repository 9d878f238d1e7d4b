import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { BASE } from "./read-site.ts";

export interface ServedSite {
  readonly origin: string;
  /** Of the home page. */
  readonly url: string;
  close(): Promise<void>;
}

/** As GitHub Pages would: files below the base, and nothing else. */
export async function serveSite(folder: string): Promise<ServedSite> {
  const app = new Hono();
  app.use(
    `${BASE}*`,
    serveStatic({ root: folder, rewriteRequestPath: (path) => path.slice(BASE.length - 1) }),
  );
  const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    url: origin + BASE,
    close: async () => {
      server.close();
      await once(server, "close");
    },
  };
}
