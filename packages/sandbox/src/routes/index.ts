import type { EndpointName } from "@renderjuice/core/adapter";
import type { Route } from "../api-context.ts";
import * as downloads from "./downloads.ts";
import * as jobs from "./jobs.ts";
import * as progress from "./progress.ts";
import * as uploads from "./uploads.ts";

/** What each endpoint does. A route has the name of its endpoint; one that lacks a route does not compile. */
export const ROUTES: Readonly<Record<EndpointName, Route>> = {
  ...downloads,
  ...jobs,
  ...progress,
  ...uploads,
};
