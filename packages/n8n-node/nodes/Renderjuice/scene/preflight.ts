import { buildRenderConfig, preflight } from "@renderjuice/core";
import { openBinarySource } from "../shared/binary-source.ts";
import { framesField, inputBinaryField } from "../shared/fields.ts";
import { Fields, type Operation } from "../shared/operation.ts";
import { readRenderSettings, renderSettingsField } from "../shared/render-settings.ts";
import { toJson } from "../shared/simplify.ts";

export const preflightScene: Operation = {
  value: "preflight",
  name: "Preflight",
  action: "Preflight scene",
  description: "Check a scene and render settings without sending anything",
  properties: [inputBinaryField, framesField, renderSettingsField],
  async run(call) {
    const fields = new Fields(call);
    const fieldName = fields.text("inputBinaryField") ?? "data";
    const source = await openBinarySource(call.context, call.itemIndex, fieldName, call.bodies);
    const config = buildRenderConfig(
      readRenderSettings(fields.collection("renderSettings")),
      fields.text("frames"),
    );
    const { isOk, issues } = preflight({ ...(await source.readFacts()), config });
    const { fileName, sizeBytes } = source;
    const json = { isOk, fileName, sizeBytes, issues: issues.map(toJson) };
    // The scene goes on to whatever follows, such as Submit.
    const { binary } = call.context.getInputData()[call.itemIndex] ?? {};
    return [{ json, ...(binary && { binary }) }];
  },
};
