import * as z from "zod/v4";
import type { Documented } from "./loose.ts";
import { openEnum } from "./open-enum.ts";

/** `onRenderFail` is announced but not sent yet, so failures have to be found by polling. */
export const WEBHOOK_EVENTS = ["onRenderComplete", "onRenderFail"] as const;

/** Reads a `WebhookEvent`. */
export const webhookEventSchema = z.looseObject({
  event: openEnum(WEBHOOK_EVENTS),
  jobId: z.string().min(1),
  status: z.string().nullish(),
  workspaceId: z.string().nullish(),
  completedAt: z.string().nullish(),
  outputs: z.looseObject({ frames: z.array(z.string()).nullish() }).nullish(),
});
/** The payload of a webhook delivery. `outputs.frames` are signed URLs that expire. */
export interface WebhookEvent extends Documented<z.infer<typeof webhookEventSchema>> {}
