import { defineConfig } from "tsup";
import manifest from "./package.json" with { type: "json" };

/** Runs before the rest of the bundle, since an old Node's own error would help nobody. 75 is EXIT.temporary. */
const NODE_CHECK = `
var wanted = ${JSON.stringify(manifest.engines.node.replace(">=", ""))}.split("."), found = process.versions.node.split(".");
if (found[0] - wanted[0] < 0 || (found[0] === wanted[0] && found[1] - wanted[1] < 0)) {
  console.log("RJ-FAIL: " + process.execPath + " is Node " + found.join(".") + "; Renderjuice needs " + wanted.join(".") + " or later. Install it, or add its path to Node Executable of the Renderjuice plugin.");
  process.exit(75);
}`;

// A single file, since Deadline copies the plugin's folder to the Worker for each job, and installs nothing.
export default defineConfig({
  entry: { "renderjuice-deadline": "src/main.ts" },
  format: ["cjs"],
  outExtension: () => ({ js: ".cjs" }),
  target: "node22",
  platform: "node",
  clean: true,
  banner: { js: NODE_CHECK },
  shims: true,
  splitting: false,
  removeNodeProtocol: false,
  noExternal: [/.*/],
  esbuildOptions: (options) => {
    options.conditions = ["@renderjuice/source"];
    options.minify = true;
    // Errors are recognized by the names of their classes.
    options.keepNames = true;
    options.legalComments = "eof";
  },
});
