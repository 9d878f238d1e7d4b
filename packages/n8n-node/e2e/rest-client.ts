export type Rest = <T>(method: string, path: string, body?: unknown) => Promise<T>;

const OWNER = { email: "owner@example.com", firstName: "Olive", lastName: "Owner", password: "Renderjuice1" };
/** n8n ties the session to it. */
const BROWSER = { "browser-id": "end-to-end-tests" };

/** Makes the owner's account and speaks to n8n's own REST API as its editor does. */
export async function logIn(url: string): Promise<Rest> {
  const answer = await send(`${url}/rest/owner/setup`, "POST", OWNER);
  const [cookie = ""] = answer.headers.getSetCookie().map((text) => text.split(";")[0]);
  return async <T>(method: string, path: string, body?: unknown) => {
    const response = await send(url + path, method, body, { cookie });
    return ((await response.json()) as { data: T }).data;
  };
}

async function send(url: string, method: string, body: unknown, headers = {}): Promise<Response> {
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json", ...BROWSER, ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (response.ok) return response;
  throw new Error(`${method} ${url} answers ${response.status}: ${await response.text()}`);
}
