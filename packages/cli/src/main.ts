#!/usr/bin/env node
// Imports only what every Node can load, so that an old one gets a message instead of a failed import.
import nodeModule from "node:module";
import { explainOldNode } from "@renderjuice/core/adapter/old-node";
import manifest from "../package.json" with { type: "json" };

const explanation = explainOldNode(process.versions.node, manifest.engines.node);
if (explanation !== undefined) {
  process.stderr.write(`${explanation}\n`);
  process.exitCode = 2;
} else if (["--version", "-V"].includes(process.argv[2] ?? "")) {
  // Before anything else is loaded: scripts ask for the version often.
  process.stdout.write(`${manifest.version}\n`);
} else {
  nodeModule.enableCompileCache();
  const { main } = await import("./program.ts");
  process.exitCode = await main(process.argv, manifest.version);
}
