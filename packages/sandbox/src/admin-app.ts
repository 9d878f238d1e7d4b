import type { Hono } from "hono";
import * as z from "zod/v4";
import type { Clock, ManualClock } from "./clock.ts";
import type { FaultSet } from "./faults/fault-set.ts";
import { FAULTS } from "./faults/registry.ts";
import type { Statistics } from "./statistics.ts";
import type { Store } from "./store.ts";

export interface AdminContext {
  readonly store: Store;
  readonly faults: FaultSet;
  readonly statistics: Statistics;
  readonly clock: Clock | ManualClock;
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

const faultsSchema = z.object({ faults: z.array(z.string()) });
const advanceSchema = z.object({ ms: z.number().nonnegative() });

/** Endpoints that the real service does not have: faults, counts and the clock. Only for this machine, without a key. */
export function addAdminRoutes<App extends Hono<{ Bindings: import("@hono/node-server").HttpBindings }>>(
  app: App,
  { store, faults, statistics, clock }: AdminContext,
): void {
  app.use("/__sandbox/*", async (c, next) => {
    const isLocal = LOOPBACK.test(c.env.incoming.socket.remoteAddress ?? "");
    // A web page can make the browser post here, but not without the browser saying where it comes from.
    const isFromPage =
      c.req.header("origin") !== undefined && c.req.header("sec-fetch-site") !== "same-origin";
    if (!isLocal || isFromPage)
      return c.json({ error: { code: "forbidden", message: "For local programs only." } }, 403);
    return next();
  });
  app.get("/__sandbox/faults", (c) => c.json({ known: FAULTS, active: faults.list() }));
  app.post("/__sandbox/faults", async (c) => {
    const request = faultsSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!request.success) {
      const message = 'Send a body such as {"faults": ["rate-limit:2@listJobs*3"]}.';
      return c.json({ error: { code: "invalid_fault", message } }, 400);
    }
    try {
      faults.add(...request.data.faults);
    } catch (error) {
      return c.json({ error: { code: "invalid_fault", message: (error as Error).message } }, 400);
    }
    return c.json({ active: faults.list() });
  });
  app.delete("/__sandbox/faults", (c) => {
    faults.clear();
    return c.json({ active: [] });
  });
  app.get("/__sandbox/stats", (c) => c.json(statistics));
  app.get("/__sandbox/deliveries", (c) => c.json(store.listDeliveries()));
  app.post("/__sandbox/clock/advance", async (c) => {
    if (!("advance" in clock)) {
      return c.json(
        { error: { code: "wrong_clock", message: "This sandbox runs on the system's clock." } },
        409,
      );
    }
    const request = advanceSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!request.success) {
      const message = 'Send {"ms": <how many milliseconds>}.';
      return c.json({ error: { code: "invalid_request", message } }, 400);
    }
    clock.advance(request.data.ms);
    return c.json({ now: new Date(clock.now()).toISOString() });
  });
}
