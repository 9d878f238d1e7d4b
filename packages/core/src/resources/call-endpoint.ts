import type * as z from "zod/v4";
import type { Endpoint } from "../contract/endpoints.ts";
import { unwrap } from "../contract/read-answer.ts";
import { aboutJob } from "../errors/index.ts";
import type { ApiAnswer, ApiCaller } from "../http/api-caller.ts";
import type { CallOptions } from "../http/call-options.ts";
import { checkJobId } from "./job-id.ts";

export interface EndpointInput<T> {
  /** Of the job, where the path has one. */
  readonly id?: string | undefined;
  readonly query?: Readonly<Record<string, string | number | undefined>> | undefined;
  readonly body?: unknown;
  /** @default by the endpoint's schema, in an envelope or bare */
  readonly read?: ((body: unknown) => T) | undefined;
}

/** Sends a request to an endpoint. The caller's input has been validated, except for the id. */
export async function callEndpoint<E extends Endpoint, T = z.output<E["answer"]>>(
  caller: ApiCaller,
  { method, path, operation, repeat, answer }: E,
  { id, query, body, read = (body) => answer.parse(unwrap(body)) as T }: EndpointInput<T>,
  options?: CallOptions,
): Promise<ApiAnswer<T>> {
  const call = { method, operation, repeat, query, body, read };
  if (!path.includes("{id}")) return caller.call({ ...call, path }, options);
  return aboutJob(String(id), async () =>
    caller.call({ ...call, path: path.replace("{id}", encodeURIComponent(checkJobId(id))) }, options),
  );
}
