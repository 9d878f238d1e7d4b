import { PreflightError, preflight } from "@renderjuice/core";
import { uploadSource } from "@renderjuice/core/adapter";
import { openBinarySource } from "../shared/binary-source.ts";
import { inputBinaryField } from "../shared/fields.ts";
import { Fields } from "../shared/fields-of-item.ts";
import type { Operation } from "../shared/operation.ts";

export const uploadScene: Operation = {
  value: "upload",
  name: "Upload",
  action: "Upload scene",
  description: "Upload a .blend or .zip, and get the slug to create a job from",
  properties: [inputBinaryField],
  async run(call) {
    const binary = new Fields(call).binary("inputBinaryField");
    const source = await openBinarySource(call.context, call.itemIndex, binary, call.bodies);
    const { isOk, issues } = preflight(await source.readFacts());
    if (!isOk) throw new PreflightError({ issues });
    const slug = await call.uploads(() => uploadSource(call.client, source, { signal: call.signal }));
    const { fileName, sizeBytes } = source;
    return [{ json: { slug, fileName, sizeBytes } }];
  },
};
