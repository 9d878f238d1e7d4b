import { type ErrorBody, readErrorBody } from "../../errors/error-body.ts";
import { RenderjuiceError } from "../../errors/renderjuice-error.ts";
import { readRetryAfterMs, readServerTimeMs } from "../retry/retry-after.ts";
import { readUrlExpiryMs } from "./url-expiry.ts";

/** `"renew-once"`: the host does not say why it refused; the URL may have expired. */
export type Remedy = "retry" | "renew" | "renew-once" | "none";

export interface StorageAnswer {
  readonly operation: "upload" | "download";
  /** Its name in messages. */
  readonly file: string;
  readonly url: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The local clock. */
  readonly nowMs: number;
  /** Whether an earlier request, whose response was lost, may have used up the URL. */
  readonly mayBeUsedUp?: boolean | undefined;
  /** Signed headers that were sent with their usual value, since the API does not say which value it signed. */
  readonly guessedHeaders?: readonly string[] | undefined;
}

/** These are temporary, although their status (400 or 409) suggests otherwise. */
const TRANSIENT_CODES = new Set([
  "BadDigest",
  "ConditionalRequestConflict",
  "IncompleteBody",
  "OperationAborted",
  "RequestTimeout",
  "RequestTimeoutException",
]);
const EXPIRED_CODES = new Set(["ExpiredToken", "ExpiredRequest", "TokenRefreshRequired"]);
const CLOCK_CODES = new Set(["RequestTimeTooSkewed", "RequestNotYetValid"]);
const TOO_LARGE_CODES = new Set(["EntityTooLarge", "RequestBodyTooLarge"]);
/** Statuses that hosts use to refuse an expired URL. */
const EXPIRY_STATUSES = [401, 403, 410];
/** The same for a URL that was already used: some are valid for a single request only. */
const USED_STATUSES = [...EXPIRY_STATUSES, 409, 412];
/** Allows for the time that network and request take; a larger difference means that a clock is wrong. */
const MAX_CLOCK_DIFFERENCE_MS = 5 * 60_000;
const TRY_LATER = "Storage has a problem. Try again in a few minutes; nothing will be rendered twice.";

/** The answer of an object storage that did not accept or deliver a file. Callers turn it into their own error. */
export class StorageError extends RenderjuiceError {
  readonly status: number;
  /** The host's own error code, such as `AccessDenied`. */
  readonly serverCode: string | undefined;
  readonly remedy: Remedy;

  constructor(answer: StorageAnswer) {
    const { operation, file, status, headers, nowMs } = answer;
    const said = readErrorBody(answer.text, [answer.url]);
    const remedy = chooseRemedy(answer, said);
    const what = operation === "upload" ? "refused" : "did not deliver";
    const reason = said.message ? `: ${said.message.replace(/\.$/, "")}` : "";
    super({
      code: remedy === "retry" ? "server_error" : "request_refused",
      message: `Storage ${what} ${file}${reason} (${[said.serverCode, `status ${status}`].filter(Boolean).join(", ")}).`,
      hint: advise(answer, said, remedy),
      isRetryable: remedy === "retry",
      retryAfterMs: readRetryAfterMs(headers, nowMs),
      secrets: [answer.url],
    });
    this.status = status;
    this.serverCode = said.serverCode;
    this.remedy = remedy;
  }
}

/** Whether to try again with a new URL, after this many renewals. */
export function mayRenew({ remedy }: StorageError, renewals: number): boolean {
  return renewals < { renew: 2, "renew-once": 1, retry: 0, none: 0 }[remedy];
}

function chooseRemedy(answer: StorageAnswer, { serverCode = "", message = "" }: ErrorBody): Remedy {
  const { status, operation, mayBeUsedUp = false } = answer;
  if (isAboutClock(serverCode, message)) return "none";
  if (EXPIRED_CODES.has(serverCode) || isAboutExpiry(message)) return "renew";
  if (TRANSIENT_CODES.has(serverCode)) return "retry";
  if (mayBeUsedUp && USED_STATUSES.includes(status)) return "renew-once";
  if (EXPIRY_STATUSES.includes(status)) {
    const isOver = isTimeOver(answer);
    if (isOver !== undefined || serverCode !== "") return isOver ? "renew" : renewDownload(operation);
    return "renew-once";
  }
  if (status === 404) return renewDownload(operation);
  return [408, 425, 429].includes(status) || (status >= 500 && status !== 501) ? "retry" : "none";
}

/** A new download URL costs nothing; uploading the file again takes time. */
function renewDownload(operation: StorageAnswer["operation"]): Remedy {
  return operation === "download" ? "renew-once" : "none";
}

function isAboutExpiry(message: string): boolean {
  return /\bexpired?\b|not valid in the specified time frame/i.test(message);
}

function isAboutClock(serverCode: string, message: string): boolean {
  return CLOCK_CODES.has(serverCode) || /not (?:yet valid|valid yet)/i.test(message);
}

/** By the host's clock, never by ours. Undefined if the URL or the host does not say. */
function isTimeOver({ url, headers }: StorageAnswer): boolean | undefined {
  const expiryMs = readUrlExpiryMs(url);
  const serverTimeMs = readServerTimeMs(headers);
  return expiryMs === undefined || serverTimeMs === undefined ? undefined : serverTimeMs >= expiryMs;
}

function advise(answer: StorageAnswer, { serverCode = "", message = "" }: ErrorBody, remedy: Remedy): string {
  const { status, operation, guessedHeaders = [] } = answer;
  if (remedy === "retry") return TRY_LATER;
  if (remedy === "renew" || isAboutClock(serverCode, message))
    return `A clock is wrong. ${compareClocks(answer)}`;
  if (status === 413 || TOO_LARGE_CODES.has(serverCode))
    return "Make the file smaller: pack less into it, or compress the textures.";
  if (serverCode === "SignatureDoesNotMatch" && guessedHeaders.length > 0)
    return `The URL was signed with ${guessedHeaders.join(", ")}, but the API does not say with which value. Tell Renderjuice support.`;
  if (operation === "download")
    return "Download again. If it keeps failing, the output may have been deleted: check the job in the Renderjuice dashboard.";
  return "Submit again: a failed upload leaves nothing behind and costs nothing. If it keeps failing, send this message to Renderjuice support.";
}

/** For a URL that is refused as expired, or not yet valid, although it was created a moment ago. */
function compareClocks({ headers, nowMs }: StorageAnswer): string {
  const serverTimeMs = readServerTimeMs(headers);
  const differenceMs = serverTimeMs === undefined ? undefined : nowMs - serverTimeMs;
  if (differenceMs === undefined)
    return "Check this computer's date, time and time zone. If they are right, tell Renderjuice support.";
  if (Math.abs(differenceMs) < MAX_CLOCK_DIFFERENCE_MS)
    return "This computer's clock agrees with that of storage, so it must be the server that signs the URLs: tell Renderjuice support.";
  const minutes = Math.round(Math.abs(differenceMs) / 60_000);
  return `This computer's clock is ${minutes} minutes ${differenceMs > 0 ? "ahead of" : "behind"} that of storage: set it, then try again.`;
}
