import {
  type CreateUploadRequest,
  createUploadRequestSchema,
  type UploadTarget,
  uploadTargetSchema,
} from "../contract/index.ts";
import { unwrap } from "../contract/read-answer.ts";
import type { ApiCaller } from "../http/api-caller.ts";
import type { CallOptions } from "../http/call-options.ts";
import { checkInput } from "./check-input.ts";

export class UploadsResource {
  readonly #caller: ApiCaller;

  constructor(caller: ApiCaller) {
    this.#caller = caller;
  }

  /** Asks for a presigned URL for one file. A repeated call makes another target; an unused one costs nothing. */
  async create(input: CreateUploadRequest, options?: CallOptions): Promise<UploadTarget> {
    const { data } = await this.#caller.call(
      {
        operation: "create upload target",
        method: "POST",
        path: "/uploads",
        body: checkInput(createUploadRequestSchema, input, "upload"),
        read: (body) => uploadTargetSchema.parse(unwrap(body)),
        repeat: "always",
      },
      options,
    );
    return data;
  }
}
