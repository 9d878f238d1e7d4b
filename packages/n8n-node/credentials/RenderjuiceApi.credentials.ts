import { DEFAULT_BASE_URL } from "@renderjuice/core/adapter";
import type {
  IAuthenticateGeneric,
  ICredentialTestRequest,
  ICredentialType,
  Icon,
  INodeProperties,
} from "n8n-workflow";

const WRONG_BASE_URL =
  "The server at this base URL is not the Renderjuice API. Correct the Base URL of the credential.";

export class RenderjuiceApi implements ICredentialType {
  name = "renderjuiceApi";

  displayName = "Renderjuice API";

  icon: Icon = { light: "file:../icons/renderjuice.svg", dark: "file:../icons/renderjuice.dark.svg" };

  documentationUrl = "https://github.com/renderjuice/pipeline/tree/main/packages/n8n-node#credentials";

  properties: INodeProperties[] = [
    {
      displayName: "API Key",
      name: "apiKey",
      type: "string",
      typeOptions: { password: true },
      default: "",
      required: true,
      placeholder: "RJ-...",
      description: "Your key from the Renderjuice dashboard. API access is enabled per studio, on request.",
    },
    {
      displayName: "Base URL",
      name: "baseUrl",
      type: "string",
      default: DEFAULT_BASE_URL,
      required: true,
      description:
        "Address of the API. For a sandbox on this machine, use the URL that it prints when it starts.",
    },
    {
      displayName: "Webhook Signing Secret",
      name: "webhookSecret",
      type: "string",
      typeOptions: { password: true },
      default: "",
      description:
        "Only needed for the Renderjuice Trigger. The Renderjuice dashboard shows it under Profile & Settings > Webhooks.",
    },
    {
      displayName: "Previous Webhook Signing Secret",
      name: "previousWebhookSecret",
      type: "string",
      typeOptions: { password: true },
      default: "",
      description: "Also accepted, so that no event is lost while you change the secret",
    },
  ];

  authenticate: IAuthenticateGeneric = {
    type: "generic",
    properties: { headers: { Authorization: "=Bearer {{$credentials.apiKey.trim()}}" } },
  };

  test: ICredentialTestRequest = {
    request: {
      baseURL: '={{($credentials.baseUrl || "").trim().replace(/\\/+$/, "")}}',
      url: "/jobs",
      qs: { page: 1 },
    },
    // Other servers may respond with 200 too.
    rules: [
      {
        type: "responseSuccessBody",
        properties: { key: "jobs", value: undefined, message: WRONG_BASE_URL },
      },
    ],
  };
}
