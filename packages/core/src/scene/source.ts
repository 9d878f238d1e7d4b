import type { SourceFileType } from "../contract/index.ts";
import type { SourceFacts } from "./preflight/index.ts";

/** A scene to render: a `.blend`, or a `.zip` that contains one. */
export interface Source {
  readonly fileName: string;
  readonly fileType: SourceFileType;
  /** The exact size: storage refuses a body of another length. */
  readonly sizeBytes: number;
  /** The bytes from the start. Called again for each attempt. A chunk is only valid until the next one is requested. */
  open(): AsyncIterable<Uint8Array>;
  /** @throws UploadError `source_changed` if the bytes have changed since the source was opened */
  checkUnchanged(): Promise<void>;
  /** The same bytes, where they are a Blob: `fetch` sends it without bringing it into memory. */
  readonly blob?: Blob | undefined;
  /** The facts that preflight checks. */
  readFacts(): Promise<SourceFacts>;
}
