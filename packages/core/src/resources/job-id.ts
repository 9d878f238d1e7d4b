import { ConfigError } from "../errors/index.ts";

/**
 * Accepts UUIDs, as documented, and any other plain word. Rejects what would change the request path, such as `..` or
 * `a/b`, and `progress`, which is a separate endpoint.
 */
const JOB_ID = /^(?!progress$)[a-z0-9_](?:[\w.~-]{0,126}[\w~-])?$/i;

/**
 * Whether a text can be the id of a job.
 *
 * @example
 * isJobId("../jobs"); // false
 */
export function isJobId(text: unknown): text is string {
  return typeof text === "string" && JOB_ID.test(text) && !text.includes("..");
}

/** @throws ConfigError before a request is sent */
export function checkJobId(id: unknown): string {
  if (isJobId(id)) return id;
  if (id === undefined || id === null || id === "") throw idMissing();
  const text = String(id);
  const shown = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  throw new ConfigError({
    code: "invalid_option",
    option: "job",
    message: `${shown} is not a valid job id.`,
    hint: "A job id looks like 1b4e28ba-2fa1-41d2-883f-0016d3cca427. The Renderjuice dashboard shows it.",
  });
}

function idMissing(): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "job",
    message: "The job id is missing.",
    hint: "Pass the id of a job, such as the jobId of an earlier run.",
  });
}
