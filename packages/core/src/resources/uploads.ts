import type { CreateUploadRequest, UploadTarget } from "../contract/index.ts";
import { ENDPOINTS } from "../contract/index.ts";
import type { ApiCaller } from "../http/api-caller.ts";
import type { CallOptions } from "../http/call-options.ts";
import { checkInput } from "../settings/check-input.ts";
import { callEndpoint } from "./call-endpoint.ts";

/**
 * `client.uploads`, which `client.submit` uses for you.
 *
 * @example
 * const { uploadUrl, slug } = await client.uploads.create({ fileName: "shot.blend", fileType: "blend" });
 */
export class UploadsResource {
  readonly #caller: ApiCaller;

  constructor(caller: ApiCaller) {
    this.#caller = caller;
  }

  /**
   * Requests a presigned URL for one file. Each call creates another upload; an unused one costs nothing.
   *
   * @example
   * const { uploadUrl, slug } = await client.uploads.create({ fileName: "shot.blend", fileType: "blend" });
   */
  async create(input: CreateUploadRequest, options?: CallOptions): Promise<UploadTarget> {
    const body = checkInput(ENDPOINTS.createUpload.body, input, { option: "upload", member: "option" });
    return (await callEndpoint(this.#caller, ENDPOINTS.createUpload, { body }, options)).data;
  }
}
