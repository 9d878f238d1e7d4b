#!/usr/bin/env node
// Imports only what every Node can load, so that an old one gets a message instead of a failed import.
import { explainOldNode } from "@renderjuice/core/adapter/old-node";
import manifest from "../package.json" with { type: "json" };

const explanation = explainOldNode(process.versions.node, manifest.engines.node);
if (explanation === undefined) {
  const { main } = await import("./program.ts");
  process.exitCode = await main(process.argv, manifest.version);
} else {
  process.stderr.write(`${explanation}\n`);
  process.exitCode = 2;
}
