import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";

/**
 * The specification with all of core that it uses in one module, as a bundler for the web makes it: a Node module among
 * it would be an error.
 */
export async function bundleSpecification(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "renderjuice-web-"));
  try {
    await build({
      entry: { specification: fileURLToPath(new URL("./specification.ts", import.meta.url)) },
      outDir,
      config: false,
      silent: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      noExternal: [/./],
      esbuildOptions: (options) => {
        options.conditions = ["@renderjuice/source"];
      },
    });
    return await readFile(join(outDir, "specification.js"), "utf8");
  } finally {
    await rm(outDir, { recursive: true });
  }
}
