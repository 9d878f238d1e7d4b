import { defineConfig } from "tsup";

// One file, since Deadline copies the plugin's folder to the Worker for each job, and installs nothing.
export default defineConfig({
  entry: { "renderjuice-deadline": "src/main.ts" },
  format: ["cjs"],
  outExtension: () => ({ js: ".cjs" }),
  target: "node22",
  platform: "node",
  clean: true,
  shims: true,
  splitting: false,
  removeNodeProtocol: false,
  noExternal: [/.*/],
  esbuildOptions: (options) => {
    options.conditions = ["@renderjuice/source"];
    options.minify = true;
    // Errors are known by the names of their classes.
    options.keepNames = true;
    options.legalComments = "eof";
  },
});
