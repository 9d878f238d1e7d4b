import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { type Job, RenderjuiceError } from "../../src/index.ts";
import { createNodeClient } from "../../src/node/index.ts";
import { drawExr, drawPicture, packZip } from "../pictures.ts";
import { type HostileAnswer, hostileAnswer, sendAnswer, type Versions } from "./hostile-answer.ts";

const random = (seed: number) =>
  Buffer.from(Array.from({ length: 50_000 }, (_, at) => (at * seed + (at >> 5)) & 0xff));

const FILES: Readonly<Record<string, Versions>> = {
  "a_0001.png": versions((seed) => drawPicture(seed), {
    checkedBytes: [0, drawPicture().length],
    showsEnd: true,
  }),
  "a_0001.exr": versions((seed) => drawExr(seed, 200, 90), { checkedBytes: undefined, showsEnd: true }),
  // The names and dates before and after the content have no checksum.
  "a.zip": versions((seed) => packZip("a.bin", random(seed), deflateRawSync), {
    ...{ checkedBytes: [40, 1500], showsEnd: true },
  }),
  "a.dat": versions(random, { checkedBytes: undefined, showsEnd: false }),
};

function versions(make: (seed: number) => Buffer, about: Omit<Versions, "first" | "other">): Versions {
  return { first: make(7), other: make(13), ...about };
}

interface Scenario {
  readonly fileName: string;
  /** One per request; the last one for all that follow. */
  readonly answers: readonly HostileAnswer[];
  /** Whether the farm becomes honest in the end. */
  readonly endsWell: boolean;
}

const scenario: fc.Arbitrary<Scenario> = fc.record({
  fileName: fc.constantFrom(...Object.keys(FILES)),
  answers: fc.array(hostileAnswer, { minLength: 1, maxLength: 5 }),
  endsWell: fc.boolean(),
});

export interface FuzzResult {
  readonly identical: number;
  readonly errors: Readonly<Record<string, number>>;
}

/**
 * Downloads from a farm that cuts, splices and lies. Every download has to end in a file that is byte for byte one that the
 * farm has, or in an error with a code, and leave nothing else behind.
 *
 * @throws Error with the smallest scenario that breaks this, and the seed to repeat it with
 */
export async function fuzzDownloads({ runs, seed }: { runs: number; seed: number }): Promise<FuzzResult> {
  await using farm = await startFarm();
  const result = { identical: 0, errors: {} as Record<string, number> };
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const code = await farm.run(given);
      if (code === undefined) result.identical += 1;
      else result.errors[code] = (result.errors[code] ?? 0) + 1;
    }),
    { numRuns: runs, seed, endOnFailure: false },
  );
  return result;
}

async function startFarm() {
  const scenarios = new Map<string, { given: Scenario; count: number }>();
  const server = createServer((request, response) => {
    const [, id = ""] = /(run-\d+)/.exec(request.url ?? "") ?? [];
    const state = scenarios.get(id);
    if (!state) return void response.writeHead(404).end();
    if (request.url?.endsWith("/downloads")) {
      const frameOutputs = [{ url: `${url}/file/${id}`, fileName: state.given.fileName }];
      return void response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify({ frameOutputs }));
    }
    const { answers, endsWell, fileName } = state.given;
    const versions = FILES[fileName] as Versions;
    const answer = answers[state.count] ?? (endsWell ? undefined : answers.at(-1));
    state.count += 1;
    if (answer) return sendAnswer(answer, versions, request, response);
    response.writeHead(200, { "content-length": versions.first.length }).end(versions.first);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = await mkdtemp(join(tmpdir(), "renderjuice-fuzz-"));
  const client = createNodeClient({
    ...{ apiKey: "RJ-test-key", baseUrl: url, env: {}, configFile: join(folder, "none.json") },
    retry: { initialDelayMs: 1, maxDelayMs: 1, maxAttempts: 4, maxRateLimitWaitMs: 4 },
  });
  let count = 0;

  return {
    /** @returns the code of the error; undefined when the file has come */
    async run(given: Scenario): Promise<string | undefined> {
      const id = `run-${count++}`;
      scenarios.set(id, { given, count: 0 });
      const outDir = join(folder, id);
      try {
        const code = await download(client, id, outDir);
        await checkFolder(outDir, given.fileName, code);
        return code;
      } finally {
        scenarios.delete(id);
        await rm(outDir, { recursive: true, force: true });
      }
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function download(
  client: Awaited<ReturnType<typeof createNodeClient>>,
  id: string,
  outDir: string,
): Promise<string | undefined> {
  try {
    for await (const _ of client.download({ id, status: "completed" } as Job, { outDir }));
    return undefined;
  } catch (error) {
    if (!RenderjuiceError.isInstance(error)) throw error;
    return error.code;
  }
}

async function checkFolder(outDir: string, fileName: string, code: string | undefined): Promise<void> {
  const names = (await readdir(outDir)).filter((name) => name !== ".renderjuice");
  const expected = code === undefined ? [fileName] : [];
  if (names.join() !== expected.join()) throw new Error(`${code}: the folder holds ${names.join()}.`);
  if (code !== undefined) return;
  const content = await readFile(join(outDir, fileName));
  const { first, other } = FILES[fileName] as Versions;
  if (!content.equals(first) && !content.equals(other)) {
    throw new Error(`${content.length} bytes arrived that are not a file of the farm.`);
  }
}
