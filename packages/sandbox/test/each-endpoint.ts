import { ENDPOINTS, type Endpoint } from "@renderjuice/core/adapter";

interface NamedEndpoint extends Endpoint {
  readonly name: string;
}

/** Every endpoint of the contract. */
export const EACH_ENDPOINT: readonly NamedEndpoint[] = Object.entries(ENDPOINTS).map(([name, endpoint]) => ({
  name,
  ...endpoint,
}));

export const EACH_OF_ONE_JOB = EACH_ENDPOINT.filter(({ path }) => path.includes("{id}"));

/** A request that the endpoint takes, as `api.call` wants it. */
export function requestTo(
  { method, path, example }: Endpoint,
  { id = "", slug = "" }: { readonly id?: string; readonly slug?: string },
) {
  const body = example && JSON.parse(JSON.stringify(example).replace("<slug of step 1>", slug));
  return [method, path.replace("{id}", id), body] as const;
}
