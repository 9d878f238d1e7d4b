/** What a client does on the network, for logs and metrics. Contains no secrets: URLs have no query. */
export type ClientEvent =
  | {
      readonly type: "request-started";
      readonly operation: string;
      readonly method: string;
      readonly url: string;
      readonly attempt: number;
    }
  | {
      readonly type: "response-received";
      readonly operation: string;
      readonly url: string;
      readonly status: number;
      readonly attempt: number;
      readonly elapsedMs: number;
      readonly requestId?: string | undefined;
    }
  | {
      readonly type: "request-failed";
      readonly operation: string;
      readonly url: string;
      readonly attempt: number;
      readonly elapsedMs: number;
      readonly message: string;
    }
  | {
      readonly type: "retry-scheduled";
      readonly operation: string;
      /** The number of the next attempt. */
      readonly attempt: number;
      readonly delayMs: number;
      readonly isRateLimit: boolean;
      readonly message: string;
    };

export type ClientEventListener = (event: ClientEvent) => void;
