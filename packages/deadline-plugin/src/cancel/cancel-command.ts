import type { Command } from "@commander-js/extra-typings";
import { connect } from "../connect.ts";
import { protocolOf } from "../protocol.ts";
import { reportFailure } from "../report-failure.ts";
import { cancelRenders } from "./cancel-renders.ts";
import { readCancelRequest } from "./cancel-request.ts";

export function addCancelCommand(program: Command): void {
  program
    .command("cancel")
    .description("cancel renders that no job owns anymore (called by the render plugin)")
    .argument("<request>", "a JSON file written by the render plugin")
    .action(async (requestFile) => {
      const protocol = protocolOf("deadline");
      try {
        await using client = connect(protocol.log);
        await cancelRenders(client, await readCancelRequest(requestFile), protocol);
      } catch (error) {
        reportFailure(error, protocol);
      }
    });
}
