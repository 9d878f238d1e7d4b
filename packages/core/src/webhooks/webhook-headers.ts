/** Headers with a `get` method, such as those of a `Request`. */
interface HeadersObject {
  get(name: string): string | null | undefined;
}

/** A `Headers` object, Node's `request.headers`, or any other object of names and values. */
export type WebhookHeaders = HeadersObject | Readonly<Record<string, string | readonly string[] | undefined>>;

/** @param name in lower case */
export function readHeader(headers: WebhookHeaders, name: string): string | undefined {
  if (isHeadersObject(headers)) return headers.get(name)?.trim() || undefined;
  const [, value] = Object.entries(headers).find(([key]) => key.toLowerCase() === name) ?? [];
  const text = typeof value === "string" ? value : value?.[0];
  return text?.trim() || undefined;
}

function isHeadersObject(headers: WebhookHeaders): headers is HeadersObject {
  return typeof headers.get === "function";
}
