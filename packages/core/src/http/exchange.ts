import type { Runtime } from "../runtime/runtime.ts";
import { redactText, redactUrl } from "../text/redact.ts";
import type { ClientEventListener } from "./client-events.ts";
import type { Transport, TransportRequest, TransportResponse } from "./transport.ts";

export interface HttpExchange {
  readonly transport: Transport;
  readonly runtime: Runtime;
  /** What is being done, such as `"create job"`. */
  readonly operation: string;
  readonly request: TransportRequest;
  readonly attempt: number;
  readonly secrets: readonly string[];
  readonly onEvent: ClientEventListener;
}

/** Sends one request and reports it, redacted, to the listener. */
export async function exchange(options: HttpExchange): Promise<TransportResponse> {
  const { transport, runtime, operation, request, attempt, secrets, onEvent } = options;
  const url = redactUrl(request.url);
  const startedMs = runtime.monotonicMs();
  onEvent({ type: "request-started", operation, method: request.method, url, attempt });
  try {
    const response = await transport(request);
    const requestId = readRequestId(response);
    const elapsedMs = runtime.monotonicMs() - startedMs;
    onEvent({
      type: "response-received",
      operation,
      url,
      status: response.status,
      attempt,
      elapsedMs,
      requestId: requestId && redactText(requestId, secrets),
    });
    return response;
  } catch (error) {
    const message = redactText(error instanceof Error ? error.message : String(error), secrets);
    const elapsedMs = runtime.monotonicMs() - startedMs;
    onEvent({ type: "request-failed", operation, url, attempt, elapsedMs, message });
    throw error;
  }
}

/** The name of the header is not documented; these are the usual ones. */
export function readRequestId({ headers }: TransportResponse): string | undefined {
  return headers["x-request-id"] ?? headers["x-amz-request-id"] ?? headers["cf-ray"];
}
