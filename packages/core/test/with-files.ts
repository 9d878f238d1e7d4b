import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DownloadEvent } from "../src/adapter.ts";
import type { DownloadSummary, Job } from "../src/index.ts";
import type { DownloadOptions } from "../src/node/download/download-outputs.ts";
import { createNodeClient, type NodeClient } from "../src/node/index.ts";

export type FileAnswer = (request: IncomingMessage, response: ServerResponse, index: number) => void;

/** A farm that offers these outputs, and gives each the bytes that `answer` writes; and an empty folder. */
export async function serveFiles(outputs: readonly object[], answer: FileAnswer) {
  const server = createServer((request, response) => {
    const [, index] = /^\/file\/(\d+)/.exec(request.url ?? "") ?? [];
    if (index !== undefined) return answer(request, response, Number(index));
    const offered = outputs.map((output, at) => ({ url: `${url}/file/${at}`, ...output }));
    const isNode = (output: object) => "compositeNodeName" in output;
    const body = {
      frameOutputs: offered.filter((output) => !isNode(output)),
      compositeNodeOutputs: offered.filter(isNode),
    };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-files-"));
  const clientOptions = {
    apiKey: "RJ-test-key",
    baseUrl: url,
    env: {},
    configFile: join(folder, "none.json"),
  };
  const client = createNodeClient({ ...clientOptions, retry: { initialDelayMs: 1, maxDelayMs: 2 } });
  const outDir = join(folder, "out");
  return {
    url,
    folder,
    outDir,
    client,
    download: (options: Partial<DownloadOptions> & { jobId?: string; signal?: AbortSignal } = {}) =>
      download(client, { outDir, ...options }),
    async [Symbol.asyncDispose]() {
      await client.close();
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function download(
  client: NodeClient,
  { jobId = "j1", ...options }: DownloadOptions & { jobId?: string; signal?: AbortSignal },
): Promise<DownloadSummary & { readonly events: readonly DownloadEvent[] }> {
  const events: DownloadEvent[] = [];
  const run = client.download({ id: jobId, status: "completed" } as Job, options);
  for await (const event of run) events.push(event);
  return { ...(await run), events };
}

/** The whole file in one piece, as any host sends it. */
export function sendWhole(response: ServerResponse, content: Buffer, headers: object = {}): void {
  response.writeHead(200, { "content-length": content.length, ...headers }).end(content);
}

/** A part of the file, then a broken connection. */
export function sendCut(
  response: ServerResponse,
  content: Buffer,
  bytes: number,
  headers: object = {},
): void {
  response.writeHead(200, { "content-length": content.length, ...headers });
  response.write(content.subarray(0, bytes), () => setImmediate(() => response.destroy()));
}
