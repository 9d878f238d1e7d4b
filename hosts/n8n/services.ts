import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** Stands in for the other services that the example workflows use: a sheet, a chat, a bucket. */
export async function startServices(rows: readonly object[]) {
  const messages: string[] = [];
  const objects = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const { pathname, search } = new URL(request.url ?? "", "http://services");
    const body = await buffer(request);
    if (pathname === "/sheet") {
      response.setHeader("content-type", "application/json").end(JSON.stringify(rows));
    } else if (pathname === "/chat") {
      messages.push((JSON.parse(body.toString()) as { text: string }).text);
      response.end("ok");
    } else if (request.method === "PUT") {
      objects.set(decodeURIComponent(pathname), body);
      response.end();
    } else {
      // n8n looks up the location of the bucket before it writes.
      response.setHeader("content-type", "application/xml");
      response.end(
        search.includes("location") ? "<LocationConstraint>us-east-1</LocationConstraint>" : "<ok/>",
      );
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    objects,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export type Services = Awaited<ReturnType<typeof startServices>>;
