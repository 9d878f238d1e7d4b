import {
  type IDataObject,
  type IHookFunctions,
  type INodeType,
  type INodeTypeDescription,
  type IWebhookFunctions,
  type IWebhookResponseData,
  NodeConnectionTypes,
} from "n8n-workflow";
import { checkSecret, receiveEvent } from "./trigger/receive-event.ts";

export class RenderjuiceTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: "Renderjuice Trigger",
    name: "renderjuiceTrigger",
    icon: { light: "file:../../icons/renderjuice.svg", dark: "file:../../icons/renderjuice.dark.svg" },
    group: ["trigger"],
    version: [1],
    subtitle:
      '={{$parameter["events"].map((event) => ({ onRenderComplete: "Render completed", onRenderFail: "Render failed" })[event] ?? event).join(", ")}}',
    description: "Starts the workflow when Renderjuice reports that a render is done",
    defaults: { name: "Renderjuice Trigger" },
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: "renderjuiceApi", required: true }],
    webhooks: [{ name: "default", httpMethod: "POST", responseMode: "onReceived", path: "webhook" }],
    properties: [
      {
        displayName:
          "Add the production URL of this node in the Renderjuice dashboard under Profile & Settings > Webhooks, and enter the secret shown there in the credential. Renderjuice only sends events to public HTTPS addresses, and does not report failures yet. Behind a firewall, or to catch failures, use the Renderjuice Polling Trigger.",
        name: "setupNotice",
        type: "notice",
        default: "",
      },
      {
        displayName: "Events",
        name: "events",
        type: "multiOptions",
        options: [
          { name: "Render Completed", value: "onRenderComplete" },
          {
            name: "Render Failed",
            value: "onRenderFail",
            description: "Announced by Renderjuice, but not sent yet",
          },
        ],
        default: ["onRenderComplete"],
        required: true,
        description: "Events that start the workflow. All others are accepted and ignored.",
      },
      {
        displayName: "Options",
        name: "options",
        type: "collection",
        placeholder: "Add option",
        default: {},
        options: [
          {
            displayName: "Accept Unsigned Events",
            name: "acceptUnsigned",
            type: "boolean",
            default: false,
            description:
              "Whether to accept events if the credential has no signing secret. Anyone who knows the URL can then start the workflow.",
          },
          {
            displayName: "Include Outputs",
            name: "includeOutputs",
            type: "boolean",
            default: false,
            description:
              "Whether to get the list of all files of the job from the farm. The event itself only lists frames, without compositor outputs, archives and videos.",
          },
          {
            displayName: "Maximum Age (Seconds)",
            name: "toleranceSeconds",
            type: "number",
            typeOptions: { minValue: 1 },
            default: 300,
            description: "Older events are refused, so that nobody can send an old event again",
          },
          {
            displayName: "Workspace ID",
            name: "workspaceId",
            type: "string",
            default: "",
            description: "Events of other workspaces are accepted and ignored",
          },
        ],
      },
    ],
  };

  /** Renderjuice has no API for webhooks: users enter the URL in its dashboard, where it stays. */
  webhookMethods = {
    default: {
      /** Always false, so that each activation checks for the secret. */
      async checkExists(this: IHookFunctions): Promise<boolean> {
        return false;
      },
      async create(this: IHookFunctions): Promise<boolean> {
        await checkSecret(this, this.getNodeParameter("options", {}) as IDataObject);
        return true;
      },
      async delete(this: IHookFunctions): Promise<boolean> {
        return true;
      },
    },
  };

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    return receiveEvent(this);
  }
}
