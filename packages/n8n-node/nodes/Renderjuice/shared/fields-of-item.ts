import { isJobId } from "@renderjuice/core/adapter";
import type { IBinaryData, IDataObject, INodeProperties } from "n8n-workflow";
import { isBlank, refuse, toChoice, toFlag, toNumber, toText } from "./field-values.ts";
import type { OperationCall } from "./operation.ts";

/** Reads the fields of one item, each with the type that it has in the editor. */
export class Fields {
  readonly #call: OperationCall;

  constructor(call: OperationCall) {
    this.#call = call;
  }

  /** Undefined if the text is empty. */
  text(name: string): string | undefined {
    return toText(this.#field(name), this.#read(name));
  }

  /** Empty means all frames of the scene. An expression that returns nothing is more likely a mistake. */
  frames(name: string): string | undefined {
    const value = this.#read(name);
    const isExpression = String(this.#call.context.getNode().parameters[name] ?? "").startsWith("=");
    if (isExpression && (value === undefined || value === null)) {
      const hint = 'Fix the expression. For all frames of the scene, make it return "".';
      throw refuse(this.#field(name), value, "", hint);
    }
    return toText(this.#field(name), value);
  }

  flag(name: string): boolean {
    return toFlag(this.#field(name), this.#read(name));
  }

  number(name: string): number {
    return toNumber(this.#field(name), this.#read(name));
  }

  choice(name: string): string {
    return toChoice(this.#field(name), this.#read(name));
  }

  /** The name of a binary field of this item, or a file from another item. */
  binary(name: string): string | IBinaryData {
    const value = this.#read(name);
    if (isBinary(value)) return value;
    const field = this.#field(name);
    if (typeof value === "object" && value !== null) {
      const hint =
        "Enter the name of the field, such as data, or an expression for one file of another node.";
      throw refuse(field, value, "is neither the name of a binary field nor a file", hint);
    }
    return toText(field, value) ?? String(field.default);
  }

  slug(): string {
    const slug = this.text("slug");
    if (slug !== undefined) return slug;
    throw refuse(this.#field("slug"), undefined, "", "Use the slug that Scene > Upload returned.");
  }

  collection(name: string): IDataObject {
    const value = this.#read(name);
    if (isBlank(value)) return {};
    if (typeof value === "object" && !Array.isArray(value)) return value as IDataObject;
    throw refuse(
      this.#field(name),
      value,
      "is not an object",
      "Make the expression return an object with names and values.",
    );
  }

  /** The id of the job that the user has chosen. */
  jobId(): string {
    const { context, itemIndex } = this.#call;
    const value = context.getNodeParameter("jobId", itemIndex, "", { extractValue: true }) as unknown;
    const field = this.#field("jobId");
    const text = toText(field, value) ?? "";
    if (isJobId(text)) return text;
    const hint =
      'Use the ID of a job, such as "1b4e28ba-2fa1-41d2-883f-0016d3cca427". In the output of this node, it is called jobId.';
    throw refuse(field, isBlank(value) ? undefined : value, "is not a job ID", hint);
  }

  #field(name: string): INodeProperties {
    const { properties } = this.#call.operation;
    return (
      properties.find((field) => field.name === name) ?? {
        displayName: name,
        name,
        type: "string",
        default: "",
      }
    );
  }

  #read(name: string): unknown {
    const { context, itemIndex } = this.#call;
    // Without a fallback, n8n throws for a field that is not shown.
    return context.getNodeParameter(name, itemIndex, null);
  }
}

function isBinary(value: unknown): value is IBinaryData {
  return (
    typeof value === "object" && value !== null && "mimeType" in value && ("data" in value || "id" in value)
  );
}

/** How many results to return. */
export function readLimit(fields: Fields): number {
  return fields.flag("returnAll") ? Number.POSITIVE_INFINITY : fields.number("limit");
}
