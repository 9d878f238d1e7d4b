import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type N8nOptions, startN8n } from "../../../hosts/n8n/start-n8n.ts";
import { node, type Parameters, type WorkflowNode } from "../../../hosts/n8n/workflows.ts";

export const PACKAGE_FOLDER = fileURLToPath(new URL("..", import.meta.url));
export const CREDENTIAL = { id: "rjcred0000000001", name: "Renderjuice", type: "renderjuiceApi" };

export interface CredentialData {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly webhookSecret?: string;
}

/** An n8n with our package, and a credential "Renderjuice" with this data. */
export function startRenderjuiceN8n(data: CredentialData, options: N8nOptions = {}) {
  return startN8n({ packageFolder: PACKAGE_FOLDER, credential: { ...CREDENTIAL, data }, ...options });
}

/** One of our nodes, with the credential. For a trigger, `kind` is the last part of its type. */
export function renderjuiceNode(
  name: string,
  parameters: Parameters,
  more: Partial<WorkflowNode> & { readonly kind?: string } = {},
): WorkflowNode {
  const { kind = "renderjuice", ...rest } = more;
  return node(name, `n8n-nodes-renderjuice.${kind}`, parameters, {
    // Nodes that can be called need one; the others ignore it.
    webhookId: randomUUID(),
    credentials: { [CREDENTIAL.type]: { id: CREDENTIAL.id, name: CREDENTIAL.name } },
    ...rest,
  });
}
