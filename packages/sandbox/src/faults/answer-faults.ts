import type { FaultName } from "./registry.ts";

type TakeFault = (name: FaultName) => string | undefined;

interface PlainAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Faults that answer instead of the endpoint. */
export function refuseByFault(take: TakeFault, nowMs: number): PlainAnswer | undefined {
  const seconds = take("rate-limit");
  if (seconds !== undefined) return tooManyRequests({ "retry-after": seconds || "1" });
  const secondsFromNow = take("rate-limit-date");
  if (secondsFromNow !== undefined) {
    // Dates have whole seconds, so it is rounded up, never into the past.
    const date = new Date(Math.ceil(nowMs / 1000 + Number(secondsFromNow || 2)) * 1000);
    return tooManyRequests({ "retry-after": date.toUTCString() });
  }
  if (take("rate-limit-bare") !== undefined) return tooManyRequests({});
  const status = take("server-error");
  if (status !== undefined)
    return json(Number(status || 500), { error: { code: "internal", message: "Something broke." } });
  const shape = take("error-body");
  return shape === undefined ? undefined : errorInShape(shape);
}

function tooManyRequests(headers: Record<string, string>): PlainAnswer {
  return json(429, { error: { code: "rate_limited", message: "Too many requests." } }, headers);
}

function json(status: number, body: unknown, headers: Record<string, string> = {}): PlainAnswer {
  return { status, headers: { "content-type": "application/json", ...headers }, text: JSON.stringify(body) };
}

const MESSAGE = "The sandbox refuses this because of a fault.";

function errorInShape(shape: string): PlainAnswer {
  switch (shape) {
    case "text-error":
      return json(400, { error: MESSAGE });
    case "message":
      return json(400, { message: MESSAGE });
    case "nest":
      return json(400, { statusCode: 400, message: [MESSAGE], error: "Bad Request" });
    case "zod":
      return json(400, { message: "Invalid request", issues: [{ path: ["slug"], message: MESSAGE }] });
    case "html":
      return {
        status: 400,
        headers: { "content-type": "text/html" },
        text: `<html><head><title>${MESSAGE}</title></head></html>`,
      };
    case "empty":
      return { status: 400, headers: {}, text: "" };
    default:
      return json(400, { error: { code: "refused", message: MESSAGE } });
  }
}

const REQUIRED_MEMBERS = ["id", "status", "jobs", "pagination", "uploadUrl", "slug", "jobId"];
const STATUS = "thawing";

/** Faults that change what an endpoint answers. */
export function distortBody(take: TakeFault, body: unknown): unknown {
  const status = take("unknown-status");
  const distortions: readonly ((value: Record<string, unknown>) => unknown)[] = [
    ...(status === undefined ? [] : [(job: Record<string, unknown>) => showStatus(job, status || STATUS)]),
    ...(take("nulls") === undefined ? [] : [nullOptional]),
    ...(take("missing-fields") === undefined ? [] : [dropOptional]),
    ...(take("extra-fields") === undefined ? [] : [addExtra]),
  ];
  const distorted = distortions.reduce(mapObjects, body);
  return take("swapped-envelope") === undefined ? distorted : swapEnvelope(distorted);
}

function mapObjects(value: unknown, change: (object: Record<string, unknown>) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapObjects(item, change));
  if (!isRecord(value)) return value;
  for (const key of ["data", "jobs"]) {
    if (key in value) return { ...value, [key]: mapObjects(value[key], change) };
  }
  return change(value);
}

function showStatus(object: Record<string, unknown>, status: string): unknown {
  return "status" in object ? { ...object, status } : object;
}

function nullOptional(object: Record<string, unknown>): unknown {
  return mapOptional(object, (key) => [[key, null]]);
}

function dropOptional(object: Record<string, unknown>): unknown {
  return mapOptional(object, () => []);
}

/** Keeps lists of files, since without them there is nothing to be tolerant about. */
function mapOptional(object: Record<string, unknown>, change: (key: string) => [string, unknown][]): unknown {
  const isKept = (key: string) => REQUIRED_MEMBERS.includes(key) || /Outputs$|^frames$|Frames$/.test(key);
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) =>
      isKept(key) ? [[key, value] as [string, unknown]] : change(key),
    ),
  );
}

function addExtra(object: Record<string, unknown>): unknown {
  return { ...object, _links: { self: "/somewhere" }, priority: 7, tags: [null] };
}

function swapEnvelope(body: unknown): unknown {
  return isRecord(body) && "data" in body ? body.data : { data: body };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
