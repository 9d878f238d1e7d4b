import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { defineConfig } from "tsup";

export default defineConfig({
  entry: { index: "src/index.ts" },
  format: ["esm"],
  dts: true,
  sourcemap: true,
  clean: true,
  target: "node22",
  removeNodeProtocol: false,
  onSuccess: async () => copyPlayground(),
});

/** The playground is bundled: its npm package reports installations, so users should not depend on it. */
function copyPlayground(): void {
  const require = createRequire(import.meta.url);
  mkdirSync("dist/playground", { recursive: true });
  for (const name of ["swagger-ui.css", "swagger-ui-bundle.js", "LICENSE"]) {
    copyFileSync(require.resolve(`swagger-ui-dist/${name}`), `dist/playground/${name}`);
  }
}
