import { ApiError } from "../errors/index.ts";

/** Whether an error says that a render was refused, and so was not started: not so when an answer was lost. */
export function wasStartRefused(error: unknown): boolean {
  return ApiError.isInstance(error) && error.operation === "start render" && !error.isRetryable;
}
