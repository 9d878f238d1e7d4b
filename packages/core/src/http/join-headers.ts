/**
 * Response headers as every HTTP library gives them, with names in lower case and repeated ones joined with `, `.
 *
 * @example
 * joinHeaders({ "Retry-After": "2", Vary: ["origin", "accept"] }); // { "retry-after": "2", vary: "origin, accept" }
 */
export function joinHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || value === null) continue;
    joined[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : String(value);
  }
  return joined;
}
