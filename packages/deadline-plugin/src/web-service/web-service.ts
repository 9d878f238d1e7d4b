import { ConfigError } from "@renderjuice/core";
import { tryParseJson } from "@renderjuice/core/adapter";
import { createDispatchers, createUndiciTransport } from "@renderjuice/core/adapter/node";
import * as z from "zod/v4";
import { explainAnswer, explainFailure, jobNotFound, notDeadline } from "./explain.ts";
import { type FarmJob, jobDocumentSchema, toFarmJob } from "./job-state.ts";

/** The commands of `PUT /api/jobs` that are used here. */
export type JobCommand = "suspend" | "resume" | "releasepending" | "requeue" | "complete" | "fail";

export interface WebServiceOptions {
  /** Such as `http://deadline:8082`. */
  readonly url: string;
  /** Without it no credentials are sent. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** For one request, connecting included. */
  readonly timeoutMs: number;
  /** Aborts what is running; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Deadline's Web Service, one request at a time and without retries. Its methods throw a WebServiceError that says
 * whether trying again may help, or a ConfigError if something else answers.
 */
export interface WebService extends AsyncDisposable {
  /** @throws WebServiceError `not_found` if the job does not exist */
  getJob(jobId: string): Promise<FarmJob>;
  /** @returns Deadline's answer, in words */
  command(command: JobCommand, jobId: string): Promise<string>;
}

const jobsAnswerSchema = z.array(jobDocumentSchema);

/** @throws ConfigError if the address is not a URL */
export function createWebService(options: WebServiceOptions): WebService {
  const { user, password = "", timeoutMs, signal } = options;
  const endpoint = jobsEndpoint(options.url);
  const dispatchers = createDispatchers();
  const transport = createUndiciTransport(dispatchers);
  const credentials = Buffer.from(`${user}:${password}`).toString("base64");
  const headers = {
    accept: "application/json",
    "content-type": "application/json",
    ...(user !== undefined && { authorization: `Basic ${credentials}` }),
  };
  const context = { url: endpoint, hasUser: user !== undefined, timeoutMs, secrets: [password, credentials] };

  async function send(method: "GET" | "PUT", url: string, body?: object): Promise<string> {
    const timeout = AbortSignal.timeout(timeoutMs);
    const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
    const request = { method, url, headers, timeoutMs, signal: either };
    const response = await transport({ ...request, body: body && JSON.stringify(body) }).catch((error) => {
      signal?.throwIfAborted();
      throw explainFailure(error, timeout.aborted, context);
    });
    if (response.status === 200) return response.text;
    throw explainAnswer(response, context);
  }

  return {
    async getJob(jobId) {
      const text = await send("GET", `${endpoint}?JobID=${encodeURIComponent(jobId)}`);
      const documents = jobsAnswerSchema.safeParse(tryParseJson(text)).data;
      if (!documents) throw notDeadline(context);
      const document = documents.find(({ _id }) => _id === jobId);
      if (!document) throw jobNotFound(jobId);
      return toFarmJob(document);
    },
    command: (command, jobId) => send("PUT", endpoint, { Command: command, JobID: jobId }),
    [Symbol.asyncDispose]: () => dispatchers.close(),
  };
}

function jobsEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !["http:", "https:"].includes(url.protocol))
    throw wrongUrl("is not a valid URL.", "Write it like http://deadline:8082.");
  if (url.username || url.password)
    throw wrongUrl(
      "contains a user or a password.",
      "Remove them, and give the user with --user; see --help.",
    );
  return `${url.origin}${url.pathname.replace(/\/(api\/?)?$/, "")}/api/jobs`;
}

/** The address is not repeated, since it may hold a password. */
function wrongUrl(problem: string, hint: string): ConfigError {
  const message = `The URL of Deadline's Web Service ${problem}`;
  return new ConfigError({ code: "invalid_option", option: "url", message, hint });
}
