import { FINAL_STATUSES } from "@renderjuice/core/adapter";
import {
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  type IPollFunctions,
  NodeConnectionTypes,
} from "n8n-workflow";
import { toNodeError } from "./shared/errors.ts";
import { statusOptions } from "./shared/status-options.ts";
import { pollChanges } from "./trigger/poll-changes.ts";

export class RenderjuicePollingTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: "Renderjuice Polling Trigger",
    name: "renderjuicePollingTrigger",
    icon: { light: "file:../../icons/renderjuice.svg", dark: "file:../../icons/renderjuice.dark.svg" },
    group: ["trigger"],
    version: [1],
    subtitle:
      '={{$parameter["events"].map((event) => (event === "any" ? "any change" : "job " + event)).join(", ")}}',
    description:
      "Checks Renderjuice regularly and starts the workflow when jobs complete, fail or change in another way",
    defaults: { name: "Renderjuice Polling Trigger" },
    polling: true,
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: "renderjuiceApi", required: true }],
    properties: [
      {
        displayName: "Events",
        name: "events",
        type: "multiOptions",
        options: [
          { name: "Any Change", value: "any", description: "Every new job and every status change" },
          ...statusOptions(FINAL_STATUSES, "Job "),
        ],
        default: [...FINAL_STATUSES],
        required: true,
        description:
          "Changes that start the workflow. All changes since the last poll arrive together, one item each.",
      },
      {
        displayName: "Simplify",
        name: "simplify",
        type: "boolean",
        default: true,
        description: "Whether to return a simplified version of the response instead of the raw data",
      },
    ],
  };

  async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
    try {
      return await pollChanges(this);
    } catch (error) {
      throw toNodeError(this.getNode(), error);
    }
  }
}
