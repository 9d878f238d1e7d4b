import { ENDPOINTS } from "@renderjuice/core/adapter";
import type { Route } from "../api-context.ts";
import { ApiRefusal } from "../api-refusal.ts";
import { readBody } from "./read-body.ts";

export const createUpload: Route = (
  { store, sign, urlLifetimeMs, clock },
  { workspace, body, takeFault },
) => {
  const input = readBody(ENDPOINTS.createUpload.body, body);
  if (!input.fileName.toLowerCase().endsWith(`.${input.fileType}`)) {
    throw new ApiRefusal(
      400,
      "invalid_request",
      `fileType "${input.fileType}" does not match "${input.fileName}".`,
    );
  }
  const { slug } = store.createUpload(workspace.id, input);
  const lifetimeMs = takeFault("expired-upload-url") === undefined ? urlLifetimeMs : -1000;
  return {
    body: {
      uploadUrl: sign("PUT", `/uploads/${slug}`, lifetimeMs),
      slug,
      // A URL's expiry is only noticed when it is used.
      expiresAt: new Date(clock.now() + Math.max(lifetimeMs, urlLifetimeMs)).toISOString(),
    },
  };
};
