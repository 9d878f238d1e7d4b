import * as z from "zod/v4";

/** `POST /uploads` accepts one request per file, and only files smaller than this (5 GiB). */
export const MAX_UPLOAD_BYTES = 5 * 1024 ** 3;

const SOURCE_FILE_TYPES = ["blend", "zip"] as const;
/** What can be uploaded. */
export type SourceFileType = (typeof SOURCE_FILE_TYPES)[number];

export const createUploadRequestSchema = z.strictObject({
  fileName: z.string().min(1),
  fileType: z.enum(SOURCE_FILE_TYPES),
});
/** The body of `POST /uploads`. `fileType` must match the extension of `fileName`. */
export interface CreateUploadRequest extends z.infer<typeof createUploadRequestSchema> {}

export const uploadTargetSchema = z.looseObject({
  uploadUrl: z.string().min(1),
  slug: z.string().min(1),
  /** ISO 8601. If absent, only a refusal by the storage host shows that the URL has expired. */
  expiresAt: z.string().nullish(),
});
/** The response to `POST /uploads`: a presigned URL for one `PUT`, and the slug that identifies the file afterwards. */
export interface UploadTarget extends z.infer<typeof uploadTargetSchema> {}
