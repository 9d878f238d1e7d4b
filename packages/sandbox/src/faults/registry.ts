/** Everything that can go wrong on demand. The key is the name used in options, headers and the admin endpoint. */
export const FAULTS = {
  "rate-limit": "responds with 429 with Retry-After in seconds (argument: seconds, 1)",
  "rate-limit-date": "responds with 429 with Retry-After as a date (argument: seconds from now, 2)",
  "rate-limit-bare": "responds with 429 without Retry-After",
  "server-error": "responds with 5xx (argument: status, 500)",
  "slow-request":
    "carries out a request late, even if nobody is waiting for the response anymore (argument: milliseconds, 1000)",
  "slow-body": "sends the response in small pieces (argument: milliseconds between pieces, 50)",
  "lost-response": "carries out the request, and then cuts the connection instead of responding",
  "error-body":
    "responds with 400 and a differently shaped body (argument: text-error, message, nest, zod, html, empty)",
  "unknown-status": "shows jobs with an unknown status (argument: the status, thawing)",
  nulls: "shows optional members as null",
  "missing-fields": "leaves optional members out",
  "extra-fields": "adds unknown members",
  "swapped-envelope": "wraps bare responses in data, and unwraps the others",
  "empty-response": "responds to actions with 204 and no body",
  "page-size-limit": "lists fewer jobs per page than requested (argument: how many, 5)",
  "late-outputs": "shows a completed job without files at first (argument: for how many requests, 2)",
  "slug-reuse-refused": "responds with 409 when a slug is used a second time",
  "idle-cancel-refused": "responds with 409 when a job is canceled before it has started",
  "expired-upload-url": "returns an expired upload URL",
  "expired-download-url": "returns expired download URLs",
  "upload-reset": "cuts the connection in the middle of an upload (argument: after how many bytes, 1000)",
  "upload-lost-response": "stores an upload and then cuts the connection instead of responding",
  "upload-error": "storage responds with 5xx to an upload (argument: status, 503)",
  "download-reset": "cuts the connection in the middle of a download (argument: after how many bytes, 1000)",
  "download-slow": "sends a download slowly (argument: milliseconds before each piece, 20)",
  "download-error": "storage responds with 5xx to a download (argument: status, 503)",
  "render-crash": "the renderer crashes after the first frame",
  "webhook-duplicate": "delivers a webhook twice",
  "webhook-late": "delivers a webhook late (argument: milliseconds, 2000)",
  "webhook-reordered": "holds back a webhook until the next one has been delivered",
  "webhook-mis-signed": "signs a webhook with another secret",
} as const;

/** The name of a fault. */
export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];
