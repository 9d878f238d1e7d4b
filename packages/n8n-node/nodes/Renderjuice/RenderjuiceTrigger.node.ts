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
    description: "Starts the workflow when Renderjuice reports that a render is over",
    defaults: { name: "Renderjuice Trigger" },
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: "renderjuiceApi", required: true }],
    webhooks: [{ name: "default", httpMethod: "POST", responseMode: "onReceived", path: "webhook" }],
    properties: [
      {
        displayName:
          "Add the production URL of this node in the Renderjuice dashboard under Profile & Settings, Webhooks, and put the secret that is shown there into the credential. Renderjuice sends to public HTTPS addresses only, and does not report failures yet: behind a firewall, or for failures, use the Renderjuice Polling Trigger.",
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
            description: "Announced by Renderjuice, not sent yet",
          },
        ],
        default: ["onRenderComplete"],
        required: true,
        description: "Events that start the workflow; others are answered and dropped",
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
              "Whether to run without a signing secret in the credential. Anybody who knows the URL can start the workflow then.",
          },
          {
            displayName: "Include Outputs",
            name: "includeOutputs",
            type: "boolean",
            default: false,
            description:
              "Whether to ask the farm for all files of the job. The event itself names the frames only, no compositor outputs, archives and videos.",
          },
          {
            displayName: "Maximum Age (Seconds)",
            name: "toleranceSeconds",
            type: "number",
            typeOptions: { minValue: 1 },
            default: 300,
            description:
              "Events that were signed longer ago are refused, so that nobody can send an old one again",
          },
          {
            displayName: "Workspace ID",
            name: "workspaceId",
            type: "string",
            default: "",
            description: "Events of other workspaces are answered and dropped",
          },
        ],
      },
    ],
  };

  /** Renderjuice has no API for webhooks: the URL is entered in its dashboard, and stays there. */
  webhookMethods = {
    default: {
      /** Never, so that each activation asks for the secret. */
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
