export type Rest = <T>(method: string, path: string, body?: unknown) => Promise<T>;

const OWNER = { email: "owner@example.com", firstName: "Olive", lastName: "Owner", password: "Renderjuice1" };
/** n8n binds the session to this id. */
export const BROWSER_ID = "end-to-end-tests";

/** Creates the owner's account. @returns a client of the REST API that the editor uses, and the session's cookie */
export async function logIn(url: string): Promise<{ rest: Rest; cookie: string }> {
  const answer = await send(`${url}/rest/owner/setup`, "POST", OWNER);
  const [cookie = ""] = answer.headers.getSetCookie().map((text) => text.split(";")[0] ?? "");
  const rest = async <T>(method: string, path: string, body?: unknown) => {
    const response = await send(url + path, method, body, { cookie });
    return ((await response.json()) as { data: T }).data;
  };
  return { rest, cookie };
}

async function send(url: string, method: string, body: unknown, headers = {}): Promise<Response> {
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json", "browser-id": BROWSER_ID, ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (response.ok) return response;
  throw new Error(`${method} ${url} returned ${response.status}: ${await response.text()}`);
}
