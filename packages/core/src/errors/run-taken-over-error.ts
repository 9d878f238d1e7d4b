import { RenderjuiceError } from "./renderjuice-error.ts";

/** This process is not the one that may go on with a run: others could not see any more that it is alive. */
export class RunTakenOverError extends RenderjuiceError {
  readonly recordFile: string;

  constructor({ recordFile, silentMs, cause }: { recordFile: string; silentMs: number; cause: unknown }) {
    super({
      code: "run_taken_over",
      message: `Another process took this run over, or ${recordFile} could not be reached for ${silentMs / 1000} s.`,
      hint: "Nothing is lost: start it again, and it goes on with the same render. If that happens every time, the share does not keep the times of folders: use another one.",
      isRetryable: true,
      cause,
    });
    this.recordFile = recordFile;
  }
}
