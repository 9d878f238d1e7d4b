import { StringDecoder } from "node:string_decoder";
import * as z from "zod/v4";
import { RenderFailure, type SceneAnalysis } from "../renderer.ts";

/** A longer line is not a message, and would only fill the memory. */
const MAX_LINE_CHARACTERS = 16 * 1024 * 1024;

const text = z.string().max(10_000);
const texts = z.array(text).max(100_000);

const analysisSchema: z.ZodType<SceneAnalysis> = z.object({
  blenderVersion: text,
  fileVersion: text,
  renderEngine: text,
  frameStart: z.int(),
  frameEnd: z.int(),
  frameStep: z.int().positive(),
  fps: z.number(),
  resolution: z.tuple([z.int().positive(), z.int().positive()]),
  resolutionPercentage: z.int().positive(),
  sampleCount: z.int().nullable(),
  outputFormat: text,
  cameras: texts,
  activeCamera: text.nullable(),
  views: texts,
  missingFiles: texts,
  warnings: texts,
});

const fileSchema = z.object({
  /** Its name in the work folder. */
  name: z.string().regex(/^finished-\d+$/),
  kind: z.enum(["frame", "compositeNode", "preview"]),
  relativePath: text,
  frame: z.int(),
  view: text.optional(),
  compositeNodeName: text.optional(),
});

const messageSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("scene-opened") }),
  z.object({ type: z.literal("analysis"), analysis: analysisSchema }),
  z.object({ type: z.literal("frame"), frame: z.int(), files: z.array(fileSchema).max(10_000) }),
  z.object({
    type: z.literal("outcome"),
    outcome: z.object({ finalConfig: z.record(z.string(), z.unknown()), warnings: texts }),
  }),
  z.object({ type: z.literal("failure"), failureType: text, message: text }),
]);

/**
 * The messages of the script inside Blender. The token distinguishes them from what a scene prints. A scene that
 * manages to run code next to the script can still send anything, so everything is checked.
 */
export type BlenderMessage = z.infer<typeof messageSchema>;
/** A finished file in the work folder. */
export type FinishedFile = z.infer<typeof fileSchema>;

export interface MessageReaderOptions {
  /** The start of a line with a message; everything else is log. */
  readonly token: string;
  readonly onMessage: (message: BlenderMessage) => void;
  readonly onLogLine: (line: string) => void;
}

/** Splits Blender's standard output into messages and log lines, whatever the chunks. */
export class MessageReader {
  readonly #options: MessageReaderOptions;
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";

  constructor(options: MessageReaderOptions) {
    this.#options = options;
  }

  push(chunk: Buffer): void {
    // Searched text is not searched again, since an endless line would take longer and longer.
    const [first = "", ...lines] = this.#decoder.write(chunk).split("\n");
    this.#rest += first;
    for (const line of lines) {
      this.#read(this.#rest);
      this.#rest = line;
    }
    if (this.#rest.length > MAX_LINE_CHARACTERS) this.#rest = "";
  }

  /** Reads a last line without a line break. */
  end(): void {
    this.#read(this.#rest);
    this.#rest = "";
  }

  #read(text: string): void {
    const line = text.endsWith("\r") ? text.slice(0, -1) : text;
    const { token, onMessage, onLogLine } = this.#options;
    if (line.startsWith(token)) onMessage(parse(line.slice(token.length)));
    else if (line.trim() !== "") onLogLine(line);
  }
}

function parse(json: string): BlenderMessage {
  try {
    return messageSchema.parse(JSON.parse(json));
  } catch (cause) {
    throw new RenderFailure("renderer_error", "Blender sent an invalid reply.", {
      cause,
    });
  }
}
