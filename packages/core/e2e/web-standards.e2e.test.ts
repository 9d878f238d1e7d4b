import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createSandbox, type Sandbox } from "@renderjuice/sandbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../../hosts/lib/test-programs.ts";
import { bundleSpecification } from "./web/bundle-specification.ts";
import { findDeno, runInDeno, runInPage } from "./web/places.ts";
import { type Outcome, runSpecification, SPECIFICATION, type Surroundings } from "./web/specification.ts";

const chromium = findChromium();
const deno = findDeno();

describe("wherever there is fetch", () => {
  let bundle: string;
  let pages: Awaited<ReturnType<typeof servePages>>;
  let sandbox: Sandbox;
  let surroundings: Surroundings;

  beforeAll(async () => {
    bundle = await bundleSpecification();
    pages = await servePages(bundle);
    sandbox = await createSandbox({ renderer: "simulated", allowedOrigins: [pages.origin] });
    const [apiKey = ""] = sandbox.apiKeys;
    surroundings = {
      baseUrl: sandbox.url,
      apiKey,
      redirectUrl: `${pages.origin}/redirect`,
      deadUrl: await findDeadUrl(),
      isOutspoken: true,
    };
  });

  afterAll(async () => {
    await sandbox.close();
    pages.server.closeAllConnections();
    pages.server.close();
  });

  test("a bundle for the web imports nothing", () => {
    expect(bundle.match(/^import\b.*|\brequire\(.*/gm)).toBeNull();
  });

  describe.each([
    ["Node", () => runSpecification(surroundings)],
    ...(deno ? ([["Deno", () => runInDeno(deno, bundle, surroundings)]] as const) : []),
    ...(chromium
      ? ([
          [
            "a page in Chromium",
            () => runInPage(chromium, pages.origin, { ...surroundings, isOutspoken: false }),
          ],
        ] as const)
      : []),
  ] as const)("in %s", (_place, run) => {
    let outcomes: readonly Outcome[];
    let redirected: number;
    beforeAll(async () => {
      const before = pages.redirectsFollowed();
      outcomes = await run();
      redirected = pages.redirectsFollowed() - before;
    });

    test.each(Object.keys(SPECIFICATION))("%s", (name) => {
      const outcome = outcomes.find((candidate) => candidate.name === name);
      expect(outcome).toEqual({ name });
    });

    test("nothing was sent to where a redirect pointed", () => expect(redirected).toBe(0));
  });
});

/** An address at which somebody has just stopped to listen. */
async function findDeadUrl(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

/** An empty page, the specification as a module, and a place that redirects. */
async function servePages(bundle: string) {
  let followed = 0;
  const server: Server = createServer((request, response) => {
    const { url = "/" } = request;
    if (url.startsWith("/redirect")) return response.writeHead(302, { location: "/elsewhere" }).end();
    if (url.startsWith("/elsewhere")) followed += 1;
    const isScript = url === "/specification.js";
    response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" });
    response.end(isScript ? bundle : "<!doctype html><link rel=icon href=data:,>");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, origin, redirectsFollowed: () => followed };
}
