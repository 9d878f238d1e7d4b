// The main and the post phase of the action: action.yml has this file for both.
import { cleanUp } from "./clean-up.ts";
import { maskApiKey } from "./connect.ts";
import { describeError } from "./describe-error.ts";
import { run } from "./run.ts";
import { isPost, markMain } from "./state.ts";
import { listenForStop } from "./stop.ts";
import { setFailed, warning } from "./workflow-log.ts";

async function main(): Promise<void> {
  maskApiKey();
  if (isPost()) {
    // A finished render is not worth less because cleaning up failed.
    return cleanUp().catch((error) => warning(describeError(error)));
  }
  markMain();
  return run(listenForStop()).catch((error) => setFailed(describeError(error)));
}

main().finally(() => {
  // An open connection must not hold up the step; on Windows, output is written in the background.
  process.stdout.write("", () => process.exit());
});
