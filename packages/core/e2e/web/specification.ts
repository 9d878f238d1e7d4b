// What a client has to do wherever there is `fetch`. Runs in Node, Deno and a page, so it uses nothing but web standards.
import { createFetchTransport, uploadSource } from "../../src/adapter.ts";
import {
  blobSource,
  type ClientOptions,
  type ConnectionError,
  createClient,
  preflight,
} from "../../src/index.ts";

/** Where the specification finds a sandbox, and what else it needs. */
export interface Surroundings {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Where nobody listens. */
  readonly deadUrl: string;
  /** Whether the place says why a connection failed. Browsers do not, so that no page can look around in a network. */
  readonly isOutspoken: boolean;
  /** Sends everything that comes on to another origin, which must not get to see it. */
  readonly redirectUrl: string;
}

export interface Outcome {
  readonly name: string;
  /** What is not as specified. */
  readonly problem?: string | undefined;
}

const SCENE = `BLENDER-v304${"REND".padEnd(80, "\0")}ENDB${"\0".repeat(20)}`;

export const SPECIFICATION: Readonly<Record<string, (surroundings: Surroundings) => Promise<void>>> = {
  async "a scene is uploaded, rendered and downloaded"(surroundings) {
    const client = connect(surroundings);
    const source = blobSource(new File([SCENE], "shot.blend", { type: "application/x-blender" }));
    equal(preflight(await source.readFacts()), { issues: [], isOk: true });
    const { id } = await client.jobs.create({ slug: await uploadSource(client, source) });
    await client.jobs.validate(id);
    await client.jobs.waitFor(id, { until: "validated" });
    await client.jobs.startRender(id, { colorManagementPreset: "default", frameRanges: ["1-2"] });
    const job = await client.jobs.waitFor(id, { until: "finished" });
    equal(job.status, "completed");
    const { frameOutputs } = await client.jobs.downloads(id);
    equal(frameOutputs?.length, 2);
    const frame = await fetch(frameOutputs?.[0]?.url ?? "");
    equal([...new Uint8Array(await frame.arrayBuffer()).subarray(1, 4)], [0x50, 0x4e, 0x47]);
  },

  async "submit takes a Blob to the end"(surroundings) {
    const source = blobSource(new Blob([SCENE]), { fileName: "shot.blend" });
    const { job } = await connect(surroundings).submit(source, { frames: "1" });
    equal(job.status, "completed");
  },

  async "a source without a Blob is brought together for the upload"(surroundings) {
    const client = connect(surroundings);
    const { blob: _, ...source } = blobSource(new Blob([SCENE]), { fileName: "shot.blend" });
    equal(typeof (await uploadSource(client, source)), "string");
  },

  async "a key that is wrong is refused"(surroundings) {
    const client = connect({ ...surroundings, apiKey: "RJ-wrong" });
    equal(await failureOf(client.jobs.list()), { code: "authentication_failed", status: 401 });
  },

  async "a job that is not there is not found"(surroundings) {
    const id = "00000000-0000-4000-8000-000000000000";
    const failure = await failureOf(connect(surroundings).jobs.get(id));
    equal(failure, { code: "not_found", status: 404 });
  },

  async "a server that is not there is a failed connection"(surroundings) {
    const { deadUrl: baseUrl, isOutspoken } = surroundings;
    const client = connect({ ...surroundings, baseUrl }, { retry: { maxAttempts: 1 } });
    const { code, systemCode, wasRequestSent } = (await thrownBy(client.jobs.list())) as ConnectionError;
    const why = isOutspoken ? ["ECONNREFUSED", "no"] : ["FETCH_FAILED", "unknown"];
    equal([code, systemCode, wasRequestSent], ["connection_failed", ...why]);
  },

  async "a refusal that passes is tried again"(surroundings) {
    const client = connect(surroundings, { transport: withFault("server-error:503", 1) });
    equal(Array.isArray((await client.jobs.list()).jobs), true);
  },

  async "a redirect is not followed with the key"(surroundings) {
    const client = connect({ ...surroundings, baseUrl: surroundings.redirectUrl });
    equal(await failureOf(client.jobs.list()), { code: "request_refused", status: 302 });
  },

  async "silence is a time-out"(surroundings) {
    const transport = withFault("slow-request:1500");
    const client = connect(surroundings, { transport, timeoutMs: 50, retry: { maxAttempts: 1 } });
    equal(await failureOf(client.jobs.list()), { code: "request_timeout" });
  },

  async "a request is aborted with the signal's reason"(surroundings) {
    const stop = new AbortController();
    const client = connect(surroundings, {
      transport: withFault("slow-request:1500"),
      onEvent: ({ type }) => type === "request-started" && stop.abort(new Error("enough")),
    });
    equal(await messageOf(client.jobs.list({}, { signal: stop.signal })), "enough");
  },

  async "a wait is aborted with the signal's reason"(surroundings) {
    const client = connect(surroundings);
    const source = blobSource(new Blob([SCENE]), { fileName: "shot.blend" });
    const { id } = await client.jobs.create({ slug: await uploadSource(client, source) });
    const stop = new AbortController();
    const onUpdate = () => stop.abort(new Error("enough"));
    equal(
      await messageOf(client.jobs.waitFor(id, { until: "finished", signal: stop.signal, onUpdate })),
      "enough",
    );
  },

  async "JSON made of a client does not show the key"(surroundings) {
    equal(JSON.stringify({ nested: [connect(surroundings)] }).includes(surroundings.apiKey), false);
  },
};

export async function runSpecification(surroundings: Surroundings): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [name, check] of Object.entries(SPECIFICATION)) {
    const problem = await check(surroundings).then(
      () => undefined,
      (error) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    outcomes.push({ name, problem });
  }
  return outcomes;
}

function connect({ apiKey, baseUrl }: Surroundings, options: Partial<ClientOptions> = {}) {
  const retry = { initialDelayMs: 1, maxDelayMs: 5 };
  return createClient({ apiKey, baseUrl, retry, poll: { initialMs: 5, maxMs: 20 }, ...options });
}

/** Asks the sandbox for a fault, in each request or in the first few. */
function withFault(fault: string, times = Number.POSITIVE_INFINITY): ReturnType<typeof createFetchTransport> {
  const send = createFetchTransport();
  let requests = 0;
  return (request) => {
    requests += 1;
    const headers = { ...request.headers, ...(requests <= times && { "x-sandbox-fault": fault }) };
    return send({ ...request, headers });
  };
}

/** How a call fails, in what does not differ from place to place. */
async function failureOf(call: Promise<unknown>) {
  const { code, status } = (await thrownBy(call)) as { code?: unknown; status?: unknown };
  return { code, ...(status !== undefined && { status }) };
}

async function messageOf(call: Promise<unknown>) {
  return ((await thrownBy(call)) as Error).message;
}

async function thrownBy(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => Promise.reject(new Error("It should have failed.")),
    (error) => error,
  );
}

function equal(actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${is} should be ${should}`);
}
