import { parseJson } from "../text/parse-json.ts";
import { redactExcerpt } from "../text/redact.ts";

export interface ErrorBody {
  readonly serverCode?: string | undefined;
  readonly message?: string | undefined;
}

const MAX_MESSAGE_CHARACTERS = 500;
const MAX_CODE_CHARACTERS = 100;
/** Anything longer is not meant for people. */
const MAX_BODY_CHARACTERS = 1024 * 1024;

/**
 * Reads the message in an error response: JSON in several shapes, XML from a storage host, HTML from a proxy, or plain
 * text. The message is redacted and shortened.
 */
export function readErrorBody(body: string, secrets: readonly string[] = []): ErrorBody {
  const trimmed = body.slice(0, MAX_BODY_CHARACTERS).trim();
  if (trimmed === "") return {};
  const { serverCode, message } = trimmed.startsWith("<") ? readMarkup(trimmed) : readJson(trimmed);
  return {
    serverCode: serverCode && redactExcerpt(serverCode, MAX_CODE_CHARACTERS, secrets),
    message: message && redactExcerpt(toLine(message), MAX_MESSAGE_CHARACTERS, secrets),
  };
}

function readJson(text: string): ErrorBody {
  let body: unknown;
  try {
    body = parseJson(text);
  } catch {
    return { message: text };
  }
  return typeof body === "string" ? { message: body } : readMembers(body);
}

function readMembers(body: unknown): ErrorBody {
  if (!isRecord(body)) return {};
  if (isRecord(body.error)) return readMembers(body.error);
  const message = [body.message, body.detail, body.error, body.title]
    .map(asText)
    .find((text) => text !== undefined);
  const details = [body.issues, body.errors].map(readIssues).find((text) => text !== undefined);
  const serverCode = [body.code, body.type].find((code) => typeof code === "string");
  const said = [message, details].filter((text) => text !== undefined).join(": ");
  return { serverCode, message: said || undefined };
}

/** A list of problems, as validators send it: `[{ path, message }]`. */
function readIssues(issues: unknown): string | undefined {
  if (!Array.isArray(issues)) return undefined;
  const texts = issues.flatMap((issue) => {
    if (typeof issue === "string") return [issue];
    if (!isRecord(issue) || typeof issue.message !== "string") return [];
    const path = Array.isArray(issue.path) ? issue.path.join(".") : "";
    return [path ? `${path}: ${issue.message}` : issue.message];
  });
  return texts.length > 0 ? texts.join("; ") : undefined;
}

function asText(value: unknown): string | undefined {
  if (Array.isArray(value))
    return value.every((item) => typeof item === "string") ? value.join("; ") : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}

function readMarkup(text: string): ErrorBody {
  const serverCode = readElement(text, "Code");
  const message = readElement(text, "Message") ?? readElement(text, "title") ?? readElement(text, "h1");
  return { serverCode, message };
}

function readElement(markup: string, name: string): string | undefined {
  const [, content] = new RegExp(`<${name}(?:\\s[^<>]*)?>([^<]*)</${name}>`, "i").exec(markup) ?? [];
  return content?.trim() || undefined;
}

function toLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
