// Writes what the site says about code from the code itself. Everything that is written here is ignored by git.
import { mkdir, rm } from "node:fs/promises";
import { writeActionManifest } from "./action.ts";
import { writeApiReference } from "./api.ts";
import { writeCliReference } from "./cli.ts";
import { writeErrorTables } from "./errors.ts";
import { writeFaults } from "./faults.ts";
import { writeHttpApi } from "./http-api.ts";
import { GENERATED } from "./paths.ts";
import { writeSettings } from "./settings.ts";

await rm(GENERATED, { recursive: true, force: true });
await mkdir(GENERATED, { recursive: true });
await writeCliReference();
await writeErrorTables();
await writeSettings();
await writeActionManifest();
await writeFaults();
await writeHttpApi();
await writeApiReference();
