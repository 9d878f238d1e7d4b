import type { ApiCaller } from "../api-caller.ts";
import type { CallOptions } from "../call-options.ts";
import {
  type CreateUploadRequest,
  createUploadRequestSchema,
  type UploadTarget,
  uploadTargetSchema,
} from "../schemas/index.ts";
import { checkInput } from "./check-input.ts";
import { unwrap } from "./read-answer.ts";

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
