import * as z from "zod/v4";
import { ApiRefusal } from "../api-refusal.ts";

/** @throws ApiRefusal 400 that says what is wrong. */
export function readBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  throw new ApiRefusal(400, "invalid_request", z.prettifyError(result.error).replaceAll("\n", " "));
}
