#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import manifest from "../package.json" with { type: "json" };

// Answered before anything else is loaded: scripts ask for it often.
if (["--version", "-V"].includes(process.argv[2] ?? "")) {
  process.stdout.write(`${manifest.version}\n`);
} else {
  enableCompileCache();
  const { main } = await import("./program.ts");
  process.exitCode = await main(process.argv, manifest.version);
}
