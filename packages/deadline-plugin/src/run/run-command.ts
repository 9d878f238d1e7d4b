import { type Command, Option } from "@commander-js/extra-typings";
import { connect } from "../connect.ts";
import { PROTOCOL_NAMES, protocolOf } from "../protocol.ts";
import { reportFailure } from "../report-failure.ts";
import { buildRunRequest, readRunRequest } from "./run-request.ts";
import { cancelTask, followTask, submitTask } from "./run-task.ts";

export function addRunCommand(program: Command): void {
  program
    .command("run")
    .description("render what a request says, or go on with it; this is what the render plugin calls")
    .argument("[request]", "a file of JSON that the render plugin has written; instead of the options")
    .option("--scene <path>", "a .blend, a .zip or a folder with one .blend")
    .option("--out-dir <path>", "where the frames go")
    .option("--frame-pattern <name>", "how they are named, such as shot_####")
    .option("--frames <list>", "such as 1-24; else the scene's own range")
    .option("--settings <list>", "name=value with ; between them")
    .option("--require-complete", "fail instead of rendering a scene whose files the farm does not all find")
    .option("--run-name <name>", "runs of one name are paid for once; else the id of the Deadline Cloud task")
    .addOption(
      new Option("--protocol <name>", "who reads the output").choices(PROTOCOL_NAMES).default("deadline"),
    )
    .option("--cancel-on-terminate", "cancel the render when this program is told to end (SIGTERM)")
    .action(async (requestFile, { protocol: name, cancelOnTerminate, ...options }) => {
      const protocol = protocolOf(name as (typeof PROTOCOL_NAMES)[number]);
      try {
        const request = requestFile
          ? await readRunRequest(requestFile)
          : buildRunRequest(options, process.env);
        await using client = connect();
        const handle = submitTask(client, request);
        let ending: Promise<void> | undefined;
        if (cancelOnTerminate) process.once("SIGTERM", () => (ending = cancelTask(handle, protocol)));
        // What is canceled is stayed with until it is over, or nobody would know.
        await followTask(handle, protocol).finally(() => ending);
      } catch (error) {
        reportFailure(error, protocol);
      }
    });
}
