import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts" },
  outDir: process.env.RENDERJUICE_ACTION_DIST ?? "dist",
  // An ES module dies at its first require; .cjs does not depend on the "type" of a package.json nearby.
  format: ["cjs"],
  outExtension: () => ({ js: ".cjs" }),
  target: "node24",
  platform: "node",
  clean: true,
  shims: true,
  splitting: false,
  removeNodeProtocol: false,
  // The runner installs nothing.
  noExternal: [/.*/],
  esbuildOptions: (options) => {
    options.conditions = ["@renderjuice/source"];
    options.minify = true;
    // Errors are known by the names of their classes.
    options.keepNames = true;
    options.legalComments = "eof";
  },
});
