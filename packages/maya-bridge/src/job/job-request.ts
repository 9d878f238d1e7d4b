import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { ConfigError } from "@renderjuice/core";
import * as z from "zod/v4";

const frameSpanSchema = z.object({ start: z.number(), end: z.number(), step: z.number() });

const factsSchema = z.object({
  scene: z.string(),
  mayaVersion: z.string(),
  frames: frameSpanSchema,
  fps: z.number().positive(),
  resolution: z.object({ width: z.number(), height: z.number(), pixelAspect: z.number() }),
  /** The renderable cameras. Lengths are in millimeters, clip planes in the scene's units. */
  cameras: z.array(
    z.object({
      name: z.string(),
      path: z.string(),
      focalLengthMm: z.number(),
      filmWidthMm: z.number(),
      filmHeightMm: z.number(),
      filmFit: z.enum(["fill", "horizontal", "vertical", "overscan"]),
      nearClip: z.number(),
      farClip: z.number(),
    }),
  ),
  linearUnit: z.string(),
  metersPerUnit: z.number().nullable(),
  upAxis: z.enum(["y", "z"]),
  renderer: z.string(),
  colorManagement: z.object({ configFile: z.string(), renderingSpace: z.string() }).nullable(),
});

const jobRequestSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  createdAt: z.string(),
  /** The studio's scene; null if a scene is assembled. */
  blend: z.string().nullable(),
  mode: z.enum(["drop-in", "re-point"]),
  assemble: z.enum(["usd", "abc", "fbx", "gltf", "obj"]).nullable(),
  acceptLoss: z.boolean(),
  /** Whether to fail if the farm cannot find a file that the scene uses. */
  requireComplete: z.boolean().default(false),
  frames: z.union([z.string(), z.array(z.string())]),
  /** As the artist wrote them; they take precedence over the Maya scene. */
  settings: z.record(z.string(), z.unknown()),
  facts: factsSchema,
  /** Whether the scene on disk is older than the caches. */
  leavesChangesOut: z.boolean(),
  caches: z.array(
    z.object({
      name: z.string().regex(/^[A-Za-z0-9_-]+$/),
      path: z.string(),
      format: z.enum(["abc", "usd", "fbx", "gltf", "obj", "mdd", "pc2"]),
      /** DAG paths in Maya; empty if the studio provided the file. */
      roots: z.array(z.string()),
    }),
  ),
  /** What the Maya scene uses, and what may therefore be missing in Blender. */
  dependencies: z.array(
    z.object({
      kind: z.enum(["texture", "reference", "audio", "file"]),
      node: z.string(),
      attribute: z.string(),
      path: z.string(),
      files: z.array(z.string()),
      isMissing: z.boolean(),
      why: z.string(),
    }),
  ),
  output: z.object({
    folder: z.string(),
    /** Blender's: `sh010_####`. */
    pattern: z.string(),
  }),
});

/** Maya's request to the bridge: `job.json`, written by `renderjuice_maya/submit.py`. */
export type JobRequest = z.infer<typeof jobRequestSchema>;

/** @throws ConfigError if the folder holds no job, or a job of another version of the Maya module. */
export async function readJobRequest(folder: string): Promise<JobRequest> {
  const path = join(folder, "job.json");
  const text = await readFile(path, "utf8").catch((cause) => {
    throw unreadable(
      `There is no job in ${folder}.`,
      "Submit jobs in Maya, with renderjuice_maya.submit().",
      cause,
    );
  });
  try {
    const request = jobRequestSchema.parse(JSON.parse(text));
    if (request.id !== basename(folder))
      throw new Error(`The job is ${request.id}, but the folder belongs to another job.`);
    return request;
  } catch (cause) {
    throw unreadable(
      `${path} cannot be read.`,
      "Run renderjuice-maya install, so that the Maya module and the bridge have the same version.",
      cause,
    );
  }
}

function unreadable(message: string, hint: string, cause: unknown): ConfigError {
  return new ConfigError({ code: "invalid_option", option: "job", message, hint, cause });
}
