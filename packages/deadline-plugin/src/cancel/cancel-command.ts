import type { Command } from "@commander-js/extra-typings";
import { connect } from "../connect.ts";
import { protocolOf } from "../protocol.ts";
import { reportFailure } from "../report-failure.ts";
import { cancelRenders } from "./cancel-renders.ts";
import { readCancelRequest } from "./cancel-request.ts";

export function addCancelCommand(program: Command): void {
  program
    .command("cancel")
    .description("cancel renders that nobody owns any more; this is what the render plugin calls")
    .argument("<request>", "a file of JSON that the render plugin has written")
    .action(async (requestFile) => {
      const protocol = protocolOf("deadline");
      try {
        await using client = connect();
        await cancelRenders(client, await readCancelRequest(requestFile), protocol);
      } catch (error) {
        reportFailure(error, protocol);
      }
    });
}
