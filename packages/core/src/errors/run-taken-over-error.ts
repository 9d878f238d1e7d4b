import { RenderjuiceError } from "./renderjuice-error.ts";

/**
 * This process lost its lock because its heartbeat was late. Another process may have continued the run.
 *
 * @example
 * if (RunTakenOverError.isInstance(error)) console.error(error.recordFile, error.hint);
 */
export class RunTakenOverError extends RenderjuiceError {
  readonly recordFile: string;

  constructor({ recordFile, silentMs, cause }: { recordFile: string; silentMs: number; cause: unknown }) {
    super({
      code: "run_taken_over",
      message: `This process lost its lock on ${recordFile}: its heartbeat was more than ${silentMs / 1000} s late.`,
      hint: "Nothing is lost: start it again and it continues with the same render. If this happens every time, the network share does not keep folder timestamps: use another one.",
      isRetryable: true,
      cause,
    });
    this.recordFile = recordFile;
  }
}
