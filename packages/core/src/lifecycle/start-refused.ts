import { ApiError } from "../errors/index.ts";

/**
 * Whether an error means that the start of a render was refused. Not if only the response was lost.
 *
 * @example
 * if (wasStartRefused(error)) console.log("Nothing was rendered.");
 */
export function wasStartRefused(error: unknown): boolean {
  return ApiError.isInstance(error) && error.operation === "start render" && !error.isRetryable;
}
