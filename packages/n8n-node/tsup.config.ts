import { cp } from "node:fs/promises";
import { defineConfig } from "tsup";

const NODES = ["Renderjuice", "RenderjuiceTrigger", "RenderjuicePollingTrigger"];

export default defineConfig({
  entry: {
    "credentials/RenderjuiceApi.credentials": "credentials/RenderjuiceApi.credentials.ts",
    ...Object.fromEntries(
      NODES.map((name) => [`nodes/Renderjuice/${name}.node`, `nodes/Renderjuice/${name}.node.ts`]),
    ),
  },
  format: ["cjs"],
  outExtension: () => ({ js: ".js" }),
  target: "node22",
  clean: true,
  // n8n's reviewers read the published code.
  minify: false,
  splitting: false,
  removeNodeProtocol: false,
  // n8n provides both. Everything else is bundled: a verified node must not have dependencies.
  external: ["n8n-workflow", "zod/v4"],
  esbuildOptions: (options) => {
    options.conditions = ["@renderjuice/source"];
  },
  onSuccess: async () => {
    await cp("icons", "dist/icons", { recursive: true });
    for (const name of NODES) {
      await cp(`nodes/Renderjuice/${name}.node.json`, `dist/nodes/Renderjuice/${name}.node.json`);
    }
  },
});
