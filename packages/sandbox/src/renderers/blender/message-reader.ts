import { StringDecoder } from "node:string_decoder";
import type { RenderedFile, RenderOutcome, SceneAnalysis } from "../renderer.ts";

/** What the script inside Blender says. Its text is trusted: only that script knows the token. */
export type BlenderMessage =
  | { readonly type: "scene-opened" }
  | { readonly type: "analysis"; readonly analysis: SceneAnalysis }
  | { readonly type: "frame"; readonly frame: number; readonly files: readonly RenderedFile[] }
  | { readonly type: "outcome"; readonly outcome: RenderOutcome }
  | { readonly type: "failure"; readonly failureType: string; readonly message: string };

export interface MessageReaderOptions {
  /** What a message's line begins with; everything else is log. */
  readonly token: string;
  readonly onMessage: (message: BlenderMessage) => void;
  readonly onLogLine: (line: string) => void;
}

/** Splits Blender's standard output into messages and log lines, however the chunks are cut. */
export class MessageReader {
  readonly #options: MessageReaderOptions;
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";

  constructor(options: MessageReaderOptions) {
    this.#options = options;
  }

  push(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split(/\r?\n/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#read(line);
  }

  /** Reads a last line that has no line break. */
  end(): void {
    this.#read(this.#rest);
    this.#rest = "";
  }

  #read(line: string): void {
    const { token, onMessage, onLogLine } = this.#options;
    if (line.startsWith(token)) onMessage(JSON.parse(line.slice(token.length)) as BlenderMessage);
    else if (line.trim() !== "") onLogLine(line);
  }
}
