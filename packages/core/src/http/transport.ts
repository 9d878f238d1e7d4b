import type { Endpoint } from "../contract/endpoints.ts";

/** One HTTP request, ready to be sent. */
export interface TransportRequest {
  readonly method: Endpoint["method"];
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | UploadBody | undefined;
  /** Milliseconds without any byte sent or received after which the request is given up. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What is uploaded, as chunks of which each is valid until the next is asked for. */
export interface UploadBody extends AsyncIterable<Uint8Array> {
  /** The same bytes in one piece that need not be in memory, for transports that cannot send a stream. */
  readonly blob?: Blob | undefined;
}

/** What came back, whatever its status. */
export interface TransportResponse {
  readonly status: number;
  /** Names in lower case; repeated headers joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * How requests leave: `fetch`, undici on Node, the host's own helper in n8n. A transport does not retry, does not follow
 * redirects across origins and resolves for every status.
 *
 * @throws ConnectionError when no answer came, saying whether the request can have reached the server.
 * @throws TimeoutError `request_timeout` after `timeoutMs`.
 * @throws The signal's reason when aborted.
 */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;
