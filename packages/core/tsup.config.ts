import { defineConfig } from "tsup";

export default defineConfig({
  entry: [
    "src/index.ts",
    "src/adapter.ts",
    "src/node/index.ts",
    "src/node/adapter.ts",
    "src/node/old-node.ts",
  ],
  format: ["esm"],
  dts: true,
  sourcemap: true,
  clean: true,
  target: "node22",
  removeNodeProtocol: false,
  // Only what is used of it, instead of a hundred files: see docs/adr/0003-tools.md.
  noExternal: ["zod"],
});
