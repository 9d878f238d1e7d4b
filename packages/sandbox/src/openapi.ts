import { ENDPOINTS, type Endpoint } from "@renderjuice/core/adapter";
import * as z from "zod/v4";
import { API_PATH } from "./api-app.ts";

/** The OpenAPI 3.1 description of the API. */
export function createOpenApi(serverUrl: string) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, endpoint] of Object.entries(ENDPOINTS)) {
    const { method, path } = endpoint;
    paths[path] = { ...paths[path], [method.toLowerCase()]: describeOperation(name, endpoint) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Renderjuice sandbox",
      version: "v1",
      description:
        "The external API of the Renderjuice render farm, on this machine. It follows the public documentation. Where the documentation says nothing, the sandbox makes a choice, and says so here. Lists have 10 jobs per page by default, and 100 at most.",
    },
    servers: [{ url: serverUrl + API_PATH }],
    security: [{ apiKey: [] }],
    components: {
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "A key of this sandbox: `RJ-…`" },
      },
    },
    paths,
  };
}

function describeOperation(operationId: string, endpoint: Endpoint) {
  const { path, step, summary, description, query, body, example, answer, isWrapped } = endpoint;
  return {
    operationId,
    tags: [step === undefined ? "Look and cancel" : "From scene to frames"],
    summary: step === undefined ? summary : `${step}. ${summary}`,
    description,
    parameters: [...(path.includes("{id}") ? [ID_PARAMETER] : []), ...describeQuery(query)],
    requestBody: body && { required: true, content: jsonContent(body, "input", example) },
    responses: {
      200: {
        description: "Done",
        content: jsonContent(isWrapped ? z.object({ data: answer }) : answer, "output"),
      },
      default: { description: "Refused: `{ error: { code, message } }`" },
    },
  };
}

const ID_PARAMETER = { name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } };

function describeQuery(query: z.ZodObject | undefined) {
  return Object.entries(query?.shape ?? {}).map(([name, field]) => {
    const { $schema: _, description, ...schema } = z.toJSONSchema(field, { io: "input" });
    return { name, in: "query", description, schema };
  });
}

function jsonContent(schema: z.ZodType, io: "input" | "output", example?: unknown) {
  const jsonSchema = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return { "application/json": { schema: jsonSchema, example } };
}
