import { UnexpectedResponseError } from "../errors/index.ts";

/** Answers of the API are small; more than this is not one. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export function answerTooLong(answer: {
  readonly operation: string;
  readonly method: string;
  readonly url: string;
  readonly status: number;
}): UnexpectedResponseError {
  const problem = `is longer than ${MAX_ANSWER_BYTES} bytes`;
  return new UnexpectedResponseError({ ...answer, body: "", problem });
}
