import { preflight } from "@renderjuice/core";
import { openBinarySource } from "../shared/binary-source.ts";
import { framesField, inputBinaryField } from "../shared/fields.ts";
import { Fields } from "../shared/fields-of-item.ts";
import type { Operation } from "../shared/operation.ts";
import { readRenderConfig, renderSettingsField } from "../shared/render-settings.ts";
import { toJson } from "../shared/simplify.ts";

export const preflightScene: Operation = {
  value: "preflight",
  name: "Preflight",
  action: "Preflight scene",
  description: "Check a scene and render settings without uploading anything",
  properties: [inputBinaryField, framesField, renderSettingsField],
  async run(call) {
    const fields = new Fields(call);
    const binary = fields.binary("inputBinaryField");
    const source = await openBinarySource(call.context, call.itemIndex, binary, call.bodies);
    const config = readRenderConfig(fields);
    const { isOk, issues } = preflight({ ...(await source.readFacts()), config });
    const { fileName, sizeBytes } = source;
    const json = { isOk, fileName, sizeBytes, issues: issues.map(toJson) };
    // The scene is passed on to the next node, such as Submit.
    const { binary: files } = call.context.getInputData()[call.itemIndex] ?? {};
    return [{ json, ...(files && { binary: files }) }];
  },
};
