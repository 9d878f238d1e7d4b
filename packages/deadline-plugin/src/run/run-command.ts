import { type Command, Option } from "@commander-js/extra-typings";
import { connect } from "../connect.ts";
import { PROTOCOL_NAMES, protocolOf } from "../protocol.ts";
import { reportFailure } from "../report-failure.ts";
import { buildRunRequest, readRunRequest } from "./run-request.ts";
import { cancelTask, followTask, submitTask } from "./run-task.ts";

export function addRunCommand(program: Command): void {
  program
    .command("run")
    .description("start or continue a render (called by the render plugin)")
    .argument("[request]", "a JSON file written by the render plugin, instead of the options")
    .option("--scene <path>", "a .blend, a .zip or a folder with one .blend")
    .option("--out-dir <path>", "where the frames go")
    .option("--frame-pattern <name>", "the name of the frames, such as shot_####")
    .option("--frames <list>", "such as 1-24; default: the scene's own range")
    .option("--settings <list>", "name=value pairs, separated by semicolons")
    .option(
      "--require-complete",
      "fail instead of rendering if the farm cannot find a file that the scene uses",
    )
    .option(
      "--run-name <name>",
      "runs with the same name are paid for once; default: the id of the Deadline Cloud task",
    )
    .addOption(
      new Option("--protocol <name>", "the format of the output").choices(PROTOCOL_NAMES).default("deadline"),
    )
    .option("--cancel-on-terminate", "cancel the render on SIGTERM")
    .action(async (requestFile, { protocol: name, cancelOnTerminate, ...options }) => {
      const protocol = protocolOf(name as (typeof PROTOCOL_NAMES)[number]);
      try {
        const request = requestFile
          ? await readRunRequest(requestFile)
          : buildRunRequest(options, process.env);
        await using client = connect(protocol.log);
        const handle = submitTask(client, request);
        let ending: Promise<void> | undefined;
        if (cancelOnTerminate) process.once("SIGTERM", () => (ending = cancelTask(handle, protocol)));
        // After a cancel it waits for the end of the render, or nobody would know.
        await followTask(handle, protocol).finally(() => ending);
      } catch (error) {
        reportFailure(error, protocol);
      }
    });
}
