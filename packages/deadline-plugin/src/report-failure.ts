import { describeError } from "./describe-error.ts";
import { exitCodeOfTask } from "./exit-codes.ts";
import type { Protocol } from "./protocol.ts";

/** Reports to the host what went wrong, and by the exit code whether another attempt may help. */
export function reportFailure(error: unknown, protocol: Protocol): void {
  protocol.fail(describeError(error));
  process.exitCode = exitCodeOfTask(error);
}
