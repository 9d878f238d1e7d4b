export interface ErrorBody {
  readonly serverCode?: string;
  readonly message?: string;
}

const MAX_MESSAGE_CHARACTERS = 500;

/** Reads what an error answer says, whatever its form: JSON of several shapes, XML of a storage host, HTML of a proxy, text. */
export function readErrorBody(text: string): ErrorBody {
  const trimmed = text.trim();
  if (trimmed === "") return {};
  const body = trimmed.startsWith("<") ? readMarkup(trimmed) : readJson(trimmed);
  return { ...body, ...(body.message !== undefined && { message: cut(body.message) }) };
}

function readJson(text: string): ErrorBody {
  let body: unknown;
  try {
    body = JSON.parse(text);
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
  return { ...(serverCode !== undefined && { serverCode }), ...(said && { message: said }) };
}

/** A list of findings, as validators send them: `[{ path, message }]`. */
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
  return { ...(serverCode !== undefined && { serverCode }), ...(message !== undefined && { message }) };
}

function readElement(markup: string, name: string): string | undefined {
  const [, content] = new RegExp(`<${name}[^>]*>([^<]*)</${name}>`, "i").exec(markup) ?? [];
  return content?.trim() || undefined;
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > MAX_MESSAGE_CHARACTERS ? `${line.slice(0, MAX_MESSAGE_CHARACTERS)}…` : line;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
