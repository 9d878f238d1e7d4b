// Runs n8n's tools on a package: `n8n-node lint` on the sources, and the scanner that decides about verification on sources
// and tarball. Prints JSON. Arguments: the folder of the package, and the folder of the unpacked tarball.
import { glob } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { analyzePackage, SOURCE_FILE_PATTERNS } from "@n8n/scan-community-package/scanner/scanner.mjs";

const [packageFolder, tarballFolder] = process.argv.slice(2);
const TARBALL_PATTERNS = ["**/*.js", "package.json"];

// ESLint and its rules come with n8n's command line tool.
const tool = createRequire(createRequire(import.meta.url).resolve("@n8n/node-cli/eslint"));
const { ESLint } = tool("eslint");
const { config } = await import(pathToFileURL(tool.resolve("@n8n/node-cli/eslint")).href);

const eslint = new ESLint({ cwd: packageFolder, overrideConfigFile: true, overrideConfig: config });
const results = await eslint.lintFiles(["package.json", "{nodes,credentials}/**/*.{ts,json}"]);
const findings = results.flatMap(({ filePath, messages }) =>
  messages.map(
    ({ line, ruleId, message }) => `${relative(packageFolder, filePath)}:${line} ${ruleId} ${message}`,
  ),
);

const scan = async (folder, patterns) => ({
  files: await count(folder, patterns),
  ...(await analyzePackage(folder, patterns)),
});
process.stdout.write(
  JSON.stringify({
    lint: { files: results.length, findings },
    source: await scan(packageFolder, SOURCE_FILE_PATTERNS),
    tarball: await scan(tarballFolder, TARBALL_PATTERNS),
  }),
);

/** The scanner also passes a folder in which it finds no files. */
async function count(folder, patterns) {
  let files = 0;
  for (const pattern of patterns) {
    for await (const path of glob(join(folder, pattern))) files += path.includes("node_modules") ? 0 : 1;
  }
  return files;
}
