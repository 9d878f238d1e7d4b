import {
  createJobRequestSchema,
  createUploadRequestSchema,
  downloadsSchema,
  jobPageSchema,
  jobSchema,
  startRenderRequestSchema,
  uploadTargetSchema,
} from "@renderjuice/core/adapter";
import { z } from "zod/v4";
import { API_PATH } from "./endpoints.ts";

interface Operation {
  readonly summary: string;
  readonly description?: string | undefined;
  readonly request?: z.ZodType | undefined;
  readonly example?: unknown;
  readonly answer: z.ZodType;
  readonly query?:
    | readonly (readonly [name: string, type: "integer" | "string", description: string])[]
    | undefined;
}

const wrappedJob = z.object({ data: jobSchema });
const progress = z.array(
  z.object({
    jobId: z.string(),
    totalFrames: z.number(),
    completedFrames: z.number(),
    failedFrames: z.number(),
  }),
);
const PROGRESS_NOTE = "The contract names no members; these are the sandbox's own.";

/** In the order in which a scene passes through them. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  "POST /uploads": {
    summary: "1. Ask where to upload a scene",
    description:
      "Then send the file there, without the API key: `curl -T shot.blend '<uploadUrl>'`. The URL is good for a single PUT of less than 5 GiB.",
    request: createUploadRequestSchema,
    example: { fileName: "shot.blend", fileType: "blend" },
    answer: uploadTargetSchema,
  },
  "POST /jobs": {
    summary: "2. Make a job of the upload",
    request: createJobRequestSchema,
    example: { slug: "<slug of step 1>" },
    answer: jobSchema,
  },
  "POST /jobs/{id}/validate": {
    summary: "3. Validate the scene",
    description: "Allowed once, while the job is `created`.",
    answer: jobSchema,
  },
  "GET /jobs/{id}": {
    summary: "Look at a job",
    description: "The one answer that is wrapped in `data`.",
    answer: wrappedJob,
  },
  "POST /jobs/{id}/render": {
    summary: "4. Start the render",
    description:
      "Allowed once the job is `validated`. A second call changes nothing and answers `X-Idempotent-Replay: true`.",
    request: startRenderRequestSchema,
    example: {
      requestedRenderConfig: {
        colorManagementPreset: "default",
        frameRanges: ["1-2"],
        resolutionPercentage: 50,
      },
    },
    answer: jobSchema,
  },
  "GET /jobs/{id}/progress": { summary: "Frames done so far", description: PROGRESS_NOTE, answer: progress },
  "GET /jobs/{id}/downloads": {
    summary: "5. Get the files",
    description: "Empty until the job is `completed`. The URLs are signed and expire; they need no key.",
    answer: downloadsSchema,
  },
  "POST /jobs/{id}/cancel": {
    summary: "Cancel a job",
    description: "Refused once it is over.",
    answer: jobSchema,
  },
  "GET /jobs": {
    summary: "List jobs",
    answer: jobPageSchema,
    query: [
      ["page", "integer", "1-based"],
      ["pageSize", "integer", "10 unless said, 100 at most"],
      ["status", "string", "only jobs with this status"],
    ],
  },
  "GET /jobs/progress": {
    summary: "Frames done so far, of all jobs",
    description: PROGRESS_NOTE,
    answer: progress,
  },
};

/** The OpenAPI 3.1 description of the API, made from core's schemas. */
export function createOpenApi(serverUrl: string) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    const [method = "", path = ""] = name.toLowerCase().split(" ");
    paths[path] = { ...paths[path], [method]: describeOperation(path, operation) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Renderjuice sandbox",
      version: "v1",
      description:
        "The external API of the Renderjuice render farm, on this machine. It follows the public documentation; where that is silent, the sandbox makes a choice and the text says so.",
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

function describeOperation(
  path: string,
  { summary, description, request, example, answer, query = [] }: Operation,
) {
  const idParameter = { name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } };
  const parameters = query.map(([name, type, text]) => ({
    name,
    in: "query",
    description: text,
    schema: { type },
  }));
  return {
    tags: [/^\d/.test(summary) ? "From scene to frames" : "Look and cancel"],
    summary,
    description,
    parameters: [...(path.includes("{id}") ? [idParameter] : []), ...parameters],
    ...(request && { requestBody: { required: true, content: jsonContent(request, "input", example) } }),
    responses: {
      200: { description: "Done", content: jsonContent(answer, "output") },
      default: { description: "Refused: `{ error: { code, message } }`" },
    },
  };
}

function jsonContent(schema: z.ZodType, io: "input" | "output", example?: unknown) {
  const jsonSchema = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return { "application/json": { schema: jsonSchema, example } };
}
