import { FileSystemError, RenderjuiceError } from "../errors/index.ts";
import type { FailedFile } from "../outputs/download-event.ts";
import type { PlannedOutput } from "./plan-outputs.ts";

/** If this many files in a row fail because of the network, the others would fail too. */
const MAX_OUTAGES = 4;

export interface ObtainEach<Result> {
  readonly outputs: readonly PlannedOutput[];
  /** Limits how many files are downloaded at the same time. */
  readonly limit: (work: () => Promise<void>) => Promise<void>;
  readonly signal: AbortSignal;
  /** The name of a failed file for the user. */
  readonly nameOf: (output: PlannedOutput) => string;
  readonly obtain: (output: PlannedOutput, stop: AbortSignal) => Promise<Result>;
  readonly onFailed?: ((file: FailedFile) => void) | undefined;
}

export interface Obtained<Result> {
  /** In the order of the job. */
  readonly files: readonly Result[];
  readonly failedFiles: readonly FailedFile[];
}

/**
 * Downloads each file. A failed file does not stop the others, but a full disk or a lost network does.
 *
 * @throws the first error, if it affects all files or if no file could be downloaded; the signal's reason
 * @example
 * const { files, failedFiles } = await obtainEach({
 *   outputs,
 *   limit: (work) => work(),
 *   signal: AbortSignal.timeout(60_000),
 *   nameOf: ({ relativePath }) => relativePath,
 *   obtain: async ({ url }, signal) => (await fetch(url, { signal })).arrayBuffer(),
 * });
 */
export async function obtainEach<Result>(each: ObtainEach<Result>): Promise<Obtained<Result>> {
  const { outputs, limit, signal } = each;
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const files: (Result | undefined)[] = outputs.map(() => undefined);
  const failures: { readonly file: FailedFile; readonly error: unknown }[] = [];
  let outages = 0;

  const work = async (output: PlannedOutput, index: number) => {
    if (either.aborted) return;
    try {
      files[index] = await each.obtain(output, either);
      outages = 0;
    } catch (error) {
      if (either.aborted) return;
      if (isOutage(error)) outages += 1;
      if (concernsAll(error) || outages >= MAX_OUTAGES) return stop.abort(error);
      const file = describeFailedFile(each.nameOf(output), error, output.frame);
      failures.push({ file, error });
      each.onFailed?.(file);
    }
  };

  await Promise.all(outputs.map((output, index) => limit(() => work(output, index))));
  signal.throwIfAborted();
  stop.signal.throwIfAborted();
  const came = files.filter((file) => file !== undefined);
  const [first] = failures;
  if (first && came.length === 0) throw first.error;
  return { files: came, failedFiles: failures.map(({ file }) => file) };
}

/**
 * A file that could not be downloaded, with the reason in words.
 *
 * @throws the error itself if it is not one of ours
 * @example
 * describeFailedFile("frame_0007.png", error, 7);
 */
export function describeFailedFile(relativePath: string, error: unknown, frame?: number): FailedFile {
  if (!RenderjuiceError.isInstance(error)) throw error;
  const { code, message, hint } = error;
  return {
    relativePath,
    frame,
    code,
    reason: hint === undefined ? message : `${message} ${hint}`,
  };
}

function isOutage(error: unknown): boolean {
  return RenderjuiceError.isInstance(error) && error.isRetryable;
}

/** Anything that is not one of our errors is a bug, and continuing would hide it. */
function concernsAll(error: unknown): boolean {
  if (FileSystemError.isInstance(error)) return error.concernsWholeDisk;
  if (!RenderjuiceError.isInstance(error)) return true;
  return ["authentication_failed", "payment_required", "permission_denied"].includes(error.code);
}
