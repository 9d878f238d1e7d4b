import type { ErrorCode } from "@renderjuice/core";

export interface ErrorMeaning {
  readonly topic: "setup" | "scene" | "request" | "job" | "files" | "webhooks";
  readonly means: string;
  /** The error's own `hint` is more exact: it knows the case. */
  readonly todo: string;
  /** Whether the same call may succeed when it is repeated: what `isRetryable` says. */
  readonly retryable: "yes" | "no" | "depends";
}

/** A code that is missing here does not compile. */
export const ERROR_MEANINGS: Readonly<Record<ErrorCode, ErrorMeaning>> = {
  missing_api_key: {
    topic: "setup",
    means: "No API key was found.",
    todo: "Set `RENDERJUICE_API_KEY`, or write the key into the configuration file.",
    retryable: "no",
  },
  invalid_api_key: {
    topic: "setup",
    means: "What was found cannot be an API key: it contains a space, quotation marks or other characters.",
    todo: "Copy the key from the Renderjuice dashboard again, into a plain text file.",
    retryable: "no",
  },
  invalid_option: {
    topic: "setup",
    means: "An option, a setting or a frame range is invalid. Nothing was sent.",
    todo: "Fix the option that the message names.",
    retryable: "no",
  },
  blender_not_found: {
    topic: "setup",
    means: "The sandbox or the Maya bridge needs Blender and did not find it.",
    todo: "Install Blender, or set `RENDERJUICE_BLENDER` to its program file.",
    retryable: "no",
  },
  source_unreadable: {
    topic: "scene",
    means: "The scene does not exist or cannot be read.",
    todo: "Check the path and its permissions.",
    retryable: "no",
  },
  blend_damaged: {
    topic: "scene",
    means: "The `.blend` is cut off or damaged, or it claims sizes that no scene has.",
    todo: "Save the scene again, or use an intact copy: Blender keeps the previous version as `.blend1`.",
    retryable: "no",
  },
  blend_unsupported: {
    topic: "scene",
    means:
      "The `.blend` has a format that is newer than this version, or a compression that cannot be read here.",
    todo: "Update, or save the scene in an earlier version of Blender.",
    retryable: "no",
  },
  preflight_failed: {
    topic: "scene",
    means: "The scene cannot be rendered as it is. Nothing was uploaded.",
    todo: "Fix what the message lists: each problem comes with its fix.",
    retryable: "no",
  },
  source_changed: {
    topic: "scene",
    means: "The scene was saved or removed while it was being uploaded. No job was created.",
    todo: "Submit again when nothing is writing to it.",
    retryable: "no",
  },
  scene_incomplete: {
    topic: "scene",
    means:
      "The farm did not find files that the scene uses, and you required a complete scene. Nothing was rendered.",
    todo: "Pack the files into the `.blend`, or submit the folder that contains them.",
    retryable: "no",
  },
  authentication_failed: {
    topic: "request",
    means: "The server does not accept the key (401).",
    todo: "Check the key, and that it belongs to this server. `renderjuice doctor` shows where it comes from.",
    retryable: "no",
  },
  payment_required: {
    topic: "request",
    means: "The studio's render minutes or budget seem to be used up (402).",
    todo: "Look at the plan in the Renderjuice dashboard, then resume the job.",
    retryable: "no",
  },
  permission_denied: {
    topic: "request",
    means: "The key is valid but is not allowed to do this (403).",
    todo: "Ask Renderjuice support: API access is enabled per studio.",
    retryable: "no",
  },
  not_found: {
    topic: "request",
    means: "There is no such job in this workspace, or no API at this address (404).",
    todo: "Check the job's id, whose key it is, and the API URL.",
    retryable: "no",
  },
  conflict: {
    topic: "request",
    means: "The job is not in the right state for this (409).",
    todo: "Check the job's status.",
    retryable: "no",
  },
  invalid_request: {
    topic: "request",
    means: "The server does not accept the request (400 or 422).",
    todo: "Fix the problem that the server reports.",
    retryable: "no",
  },
  rate_limited: {
    topic: "request",
    means: "Too many requests (429), even after the pauses that the server asked for.",
    todo: "Wait as long as the hint says, or run fewer clients at the same time.",
    retryable: "yes",
  },
  server_error: {
    topic: "request",
    means: "The service has a problem (5xx, 408 or 425).",
    todo: "Try again in a few minutes. Nothing will be rendered twice.",
    retryable: "yes",
  },
  request_refused: {
    topic: "request",
    means: "The server refused with a status that has no separate error here.",
    todo: "Check the API URL: a proxy may be answering.",
    retryable: "no",
  },
  connection_failed: {
    topic: "request",
    means:
      "There was no complete response: no network, no such host, a lost connection, an untrusted certificate.",
    todo: "Check the network, the proxy and the API URL.",
    retryable: "depends",
  },
  request_timeout: {
    topic: "request",
    means: "One request got no complete response in time.",
    todo: "Check the network, then try again.",
    retryable: "yes",
  },
  unexpected_response: {
    topic: "request",
    means: "The server reported success, but its response does not match the API.",
    todo: "Check the API URL. If it is right, look for a newer version of this tool.",
    retryable: "no",
  },
  outcome_unknown: {
    topic: "request",
    means: "The connection was lost, and it is not known whether the request was carried out.",
    todo: "Check the job list before you repeat it: repeating may do it twice.",
    retryable: "depends",
  },
  deadline_exceeded: {
    topic: "job",
    means: "Your time limit was reached. The job keeps running.",
    todo: "Resume the job by its id; `error.jobId` and the CLI's `next` have it.",
    retryable: "no",
  },
  job_failed: {
    topic: "job",
    means: "The farm could not validate or render the scene.",
    todo: "Fix the scene or the settings and submit again. A failed job cannot be restarted.",
    retryable: "no",
  },
  job_canceled: {
    topic: "job",
    means: "Somebody canceled the job.",
    todo: "If this was a mistake, submit the scene again.",
    retryable: "no",
  },
  run_taken_over: {
    topic: "job",
    means: "This process lost its lock because its heartbeat was late.",
    todo: "Nothing is lost: start it again, and it resumes the same render.",
    retryable: "yes",
  },
  upload_expired: {
    topic: "files",
    means: "The upload took longer than its signed URL is valid.",
    todo: "Submit again: a failed upload leaves nothing behind and costs nothing.",
    retryable: "no",
  },
  upload_rejected: {
    topic: "files",
    means: "Storage did not accept the upload.",
    todo: "Do what the hint says; submit again.",
    retryable: "no",
  },
  download_incomplete: {
    topic: "files",
    means: "A file did not arrive completely.",
    todo: "Download again with the same job id: files that have arrived are kept.",
    retryable: "no",
  },
  download_corrupt: {
    topic: "files",
    means: "A file arrived but is damaged.",
    todo: "Download again. If it keeps failing, the file is damaged on the farm: render that frame again.",
    retryable: "no",
  },
  downloads_unavailable: {
    topic: "files",
    means: "The job does not have its files yet, or no longer has them.",
    todo: "Try again later. If the output was deleted on the farm, render again.",
    retryable: "no",
  },
  unsafe_path: {
    topic: "files",
    means: "The farm has a file with an unusable name, for example one that leads out of your folder.",
    todo: "Rename the output in the scene and render again.",
    retryable: "no",
  },
  file_system_error: {
    topic: "files",
    means: "This machine cannot keep a file: the disk is full, read-only, or you may not write there.",
    todo: "Do what the hint says for the case, then download again.",
    retryable: "no",
  },
  missing_header: {
    topic: "webhooks",
    means: "A delivery has no signature or no timestamp.",
    todo: "Respond with 401. Check that a proxy passes the headers on.",
    retryable: "no",
  },
  timestamp_out_of_range: {
    topic: "webhooks",
    means: "A delivery is older or newer than the tolerance allows.",
    todo: "Respond with 401. Check this machine's clock.",
    retryable: "no",
  },
  signature_mismatch: {
    topic: "webhooks",
    means: "A delivery is not signed with this secret, or its body was changed on the way.",
    todo: "Respond with 401. Compare the secret with the one in the dashboard.",
    retryable: "no",
  },
  body_not_raw: {
    topic: "webhooks",
    means: "The body was parsed before it was verified, so its bytes are gone.",
    todo: "Pass the raw body.",
    retryable: "no",
  },
  malformed_payload: {
    topic: "webhooks",
    means: "The signature is valid, but the body is not an event.",
    todo: "Look for a newer version of this tool.",
    retryable: "no",
  },
};
