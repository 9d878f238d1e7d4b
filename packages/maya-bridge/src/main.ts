#!/usr/bin/env node
import manifest from "../package.json" with { type: "json" };
import { main } from "./program.ts";

process.exitCode = await main(process.argv, manifest.version);
