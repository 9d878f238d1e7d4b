import { ConfigError } from "../errors/index.ts";

/**
 * UUIDs, as documented, and whatever else is one plain word: what a path would take for something else, such as `..` or
 * `a/b`, is the id of no job. `progress` names what all jobs share.
 */
const JOB_ID = /^(?!progress$)[a-z0-9_](?:[\w.~-]{0,126}[\w~-])?$/i;

export function isJobId(text: string): boolean {
  return JOB_ID.test(text) && !text.includes("..");
}

/** @throws ConfigError before a request is made of it. */
export function checkJobId(id: string): string {
  if (isJobId(id)) return id;
  const shown = JSON.stringify(id.length > 80 ? `${id.slice(0, 80)}…` : id);
  throw new ConfigError({
    code: "invalid_option",
    option: "job",
    message: `${shown} is not the id of a job.`,
    hint: "An id looks like 1b4e28ba-2fa1-41d2-883f-0016d3cca427; `renderjuice list` and the Renderjuice dashboard show them.",
  });
}
