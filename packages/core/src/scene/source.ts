import type { SourceFileType } from "../contract/index.ts";
import type { SourceFacts } from "./preflight/index.ts";

/** A scene to render: a `.blend`, or a `.zip` that holds one. */
export interface Source {
  readonly fileName: string;
  readonly fileType: SourceFileType;
  /** Exact: storage refuses a body of another length. */
  readonly sizeBytes: number;
  /** The bytes from the beginning; called anew for each attempt. A chunk is valid until the next is asked for. */
  open(): AsyncIterable<Uint8Array>;
  /** @throws UploadError `source_changed` when the bytes are not what they were at the start. */
  checkUnchanged(): Promise<void>;
  /** The same bytes, where they are a Blob: `fetch` sends it without bringing it into memory. */
  readonly blob?: Blob | undefined;
  /** What preflight looks at. */
  readFacts(): Promise<SourceFacts>;
}
