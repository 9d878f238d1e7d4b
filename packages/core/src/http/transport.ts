import type { Endpoint } from "../contract/endpoints.ts";

/** An HTTP request, ready to send. */
export interface TransportRequest {
  readonly method: Endpoint["method"];
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | UploadBody | undefined;
  /** Milliseconds without any data sent or received after which the request is abandoned. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** The content of an upload, in chunks. Each chunk is only valid until the next one is requested. */
export interface UploadBody extends AsyncIterable<Uint8Array> {
  /** The same content as a blob, which need not be in memory, for transports that cannot send streams. */
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
 * Sends requests: with `fetch`, with undici on Node, or with the host's own helper in n8n. A transport does not retry, does
 * not follow redirects to other origins, and resolves for every status.
 *
 * @throws ConnectionError if there was no response; says whether the request may have reached the server
 * @throws TimeoutError `request_timeout` after `timeoutMs`
 * @throws The signal's reason if it is aborted
 */
export type Transport = (request: TransportRequest) => Promise<TransportResponse>;
