import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import {
  DeadlineException,
  EmulatedJobs,
  type JobDocument,
  STAT,
  type StateName,
  type Submission,
} from "./emulated-jobs.ts";

/**
 * `hang` never answers, `error` answers 500, `reset` cuts the connection, `lost-answer` carries out the request and
 * then cuts it, `ignore` answers Success and does nothing.
 */
export type Fault = "hang" | "error" | "reset" | "lost-answer" | "ignore";

export interface EmulatorOptions {
  /** Without it anybody may do anything, as with authentication switched off. */
  readonly auth?: { readonly user: string; readonly password: string };
  /** @default 0, any free port */
  readonly port?: number;
}

interface EmulatedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly body: string;
}

interface Answer {
  readonly status: number;
  /** Text as it is, anything else as JSON. */
  readonly body: unknown;
}

/**
 * Deadline's Web Service as its documentation and published examples show it, for jobs in memory. The wording of its
 * errors is invented, since none is documented.
 */
export async function startWebService({ auth, port = 0 }: EmulatorOptions = {}) {
  const jobs = new EmulatedJobs();
  const requests: EmulatedRequest[] = [];
  const faults: { readonly fault: Fault; readonly method: string | undefined }[] = [];

  const takeFault = (method: string): Fault | undefined => {
    const index = faults.findIndex((one) => one.method === undefined || one.method === method);
    return index < 0 ? undefined : faults.splice(index, 1)[0]?.fault;
  };

  const server = createServer(async (request, response) => {
    const { method = "", url = "" } = request;
    const body = await text(request).catch(() => "");
    requests.push({ method, url, body });
    const fault = takeFault(method);
    if (fault === "hang") return;
    if (fault === "reset") return void request.socket.destroy();
    const answer = decide(fault, request, body);
    if (fault === "lost-answer") return void request.socket.destroy();
    send(response, answer);
  });

  function decide(fault: Fault | undefined, request: IncomingMessage, body: string): Answer {
    if (fault === "error") return { status: 500, body: "Error: the database is not available." };
    if (!isAllowed(request, auth)) return { status: 401, body: "Unauthorized" };
    if (fault === "ignore") return { status: 200, body: "Success" };
    return handle(jobs, request, body);
  }

  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The requests, oldest first. */
    requests,
    jobs,
    /** Adds a job as a submitter does. @returns its id */
    addJob(jobInfo: Record<string, string> = {}): string {
      return jobs.submit({ JobInfo: { Plugin: "Blender", Name: "comp", Frames: "1-3", ...jobInfo } })._id;
    },
    stateOf(id: string): StateName | undefined {
      const stat = jobs.find(id)?.Stat;
      return (Object.keys(STAT) as StateName[]).find((name) => STAT[name] === stat);
    },
    /** The commands that it got, such as `releasepending`. */
    commands(): string[] {
      return requests.flatMap(({ method, body }) => (method === "PUT" ? JSON.parse(body).Command : []));
    },
    /** Once, for the next request, or the next one with a method. */
    failNext(fault: Fault, method?: "GET" | "PUT" | "POST"): void {
      faults.push({ fault, method });
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function isAllowed({ headers }: IncomingMessage, auth: EmulatorOptions["auth"]): boolean {
  if (!auth) return true;
  const expected = Buffer.from(`${auth.user}:${auth.password}`).toString("base64");
  return headers.authorization === `Basic ${expected}`;
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const isText = typeof body === "string";
  const headers = {
    "content-type": isText ? "text/plain" : "application/json",
    ...(status === 401 && { "www-authenticate": 'Basic realm="Deadline"' }),
  };
  response.writeHead(status, headers).end(isText ? body : JSON.stringify(body));
}

function handle(jobs: EmulatedJobs, { method, url = "" }: IncomingMessage, body: string): Answer {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  try {
    switch (`${method} ${pathname}`) {
      case "GET /api/jobs":
        return ok(getJobs(jobs, searchParams));
      case "PUT /api/jobs":
        return putJob(jobs, body);
      case "POST /api/jobs":
        return postJobs(jobs, body);
      case "DELETE /api/jobs":
        return deleteJobs(jobs, searchParams);
      case "GET /api/tasks":
        return ok(jobs.tasks(searchParams.get("JobID") ?? ""));
      case "PUT /api/tasks":
        return putTasks(jobs, body);
      case "POST /api/tasks":
      case "DELETE /api/tasks":
        return { status: 501, body: "Not Implemented" };
      default:
        return { status: 404, body: "Not Found" };
    }
  } catch (error) {
    if (!(error instanceof DeadlineException || error instanceof SyntaxError)) throw error;
    return { status: 500, body: `Error: ${error.message}` };
  }
}

/** An array of documents, or of ids; with `Details` an object keyed by id instead. Unknown ids are left out. */
function getJobs(jobs: EmulatedJobs, query: URLSearchParams): unknown {
  const isOn = (flag: string) => query.get(flag)?.toLowerCase() === "true";
  const ids = query.get("JobID")?.split(",");
  const states = query.get("States")?.split(",") as StateName[] | undefined;
  const found = (isOn("Deleted") ? jobs.listDeleted() : jobs.list()).filter(
    ({ _id, Stat }) =>
      (!ids || ids.includes(_id)) && (!states || states.some((state) => STAT[state] === Stat)),
  );
  if (isOn("IdOnly")) return found.map(({ _id }) => _id);
  if (isOn("Details")) return Object.fromEntries(found.map((job) => [job._id, details(job)]));
  if (isOn("Statistics")) return found.map(({ _id, Props }) => ({ JobID: _id, JobName: Props.Name }));
  return found;
}

function details(job: JobDocument): unknown {
  const [name = "Unknown"] = Object.entries(STAT).find(([, stat]) => stat === job.Stat) ?? [];
  const isRendering = job.RenderingChunks > 0;
  const active = isRendering ? `Rendering (${job.RenderingChunks})` : "Queued";
  const { CompletedChunks, Props } = job;
  return {
    Job: {
      ID: job._id,
      Name: Props.Name,
      Status: name === "Active" ? active : name,
      Progress: `${Math.floor((CompletedChunks / Math.max(1, Props.Tasks)) * 100)} %`,
    },
  };
}

interface PutBody {
  readonly Command?: string;
  readonly JobID?: string;
  readonly Job?: JobDocument;
  readonly TaskList?: readonly (number | string)[];
}

/** The content type is not looked at: the published examples send JSON under any. */
function readPut(body: string): { readonly put: PutBody & { readonly Command: string } } | Answer {
  if (body === "") return { status: 400, body: "Error: there is no message body." };
  const put = JSON.parse(body) as PutBody;
  if (!put.Command) return { status: 400, body: "Error: there is no Command." };
  return { put: { ...put, Command: put.Command } };
}

function putJob(jobs: EmulatedJobs, body: string): Answer {
  const read = readPut(body);
  if (!("put" in read)) return read;
  const { Command, JobID = "", Job } = read.put;
  if (Command === "save") jobs.save(Job ?? fail("There is no Job."));
  else if (Command === "archive") jobs.archive(JobID);
  else if (Command === "undelete") jobs.undelete(JobID);
  else jobs.apply(Command, JobID);
  return ok("Success");
}

function putTasks(jobs: EmulatedJobs, body: string): Answer {
  const read = readPut(body);
  if (!("put" in read)) return read;
  const { Command, JobID = "", TaskList } = read.put;
  jobs.apply(Command, JobID, TaskList?.map(Number));
  return ok("Success");
}

interface PostBody extends Submission {
  readonly IdOnly?: boolean | string;
  readonly Jobs?: readonly Submission[];
  readonly Dependent?: boolean | string;
}

function postJobs(jobs: EmulatedJobs, body: string): Answer {
  if (body === "") return { status: 400, body: "Error: there is no message body." };
  const { IdOnly, Jobs, Dependent, ...single } = JSON.parse(body) as PostBody;
  const show = (job: JobDocument) => (String(IdOnly) === "true" ? { _id: job._id } : job);
  if (!Jobs) return ok(show(jobs.submit(single)));
  const made: JobDocument[] = [];
  for (const submission of Jobs) {
    made.push(jobs.submit(submission, String(Dependent) === "true" ? made.at(-1)?._id : undefined));
  }
  return ok(made.map(show));
}

function deleteJobs(jobs: EmulatedJobs, query: URLSearchParams): Answer {
  const ids = query.get("JobID")?.split(",");
  if (!ids) return { status: 400, body: "Error: there is no JobID." };
  for (const id of ids) jobs.delete(id);
  return ok("Success");
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function fail(message: string): never {
  throw new DeadlineException(message);
}
