import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findPythons } from "../../../hosts/lib/pythons.ts";
import { FAKE_MAYA } from "../../../hosts/maya/fake-maya.ts";
import { melPython, melString, pythonString, rpcLine } from "../src/port/quoting.ts";

const PRINTABLE = /^[\n\r\t -~]*$/;

/** What people, and those who mean harm, call a node, a file or a setting. */
const HOSTILE = [
  "'); __import__('os').system('calc') #",
  '"); system("calc"); ("',
  "\\'); evil() #",
  '\\"; system("calc"); "',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is meant to look like one
  "${HOME} `calc` $(calc) %COMPUTERNAME%",
  "line\nnext\r\nlast\0end",
  "Früchte_果汁_🍊",
  "\u2028\u2029\u202e\ufeff",
  "\ud800 alone, \udc00 too",
  "'''\"\"\"\\\\\\",
  "{}{0}%s%(name)s",
];
const anyText = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc
    .array(fc.constantFrom("'", '"', "\\", "\n", "\r", ";", "#", "$", "`", "(", ")", "é", "\0"), {
      maxLength: 30,
    })
    .map((parts) => parts.join("")),
);
const samples = () => [...HOSTILE, ...fc.sample(anyText, { numRuns: 2000, seed: 6 })];
const pythons = findPythons("maya");

/** Runs a script that gets a JSON value on stdin and prints one. */
function runPython(executable: string, script: string, input: unknown): unknown {
  const options = {
    cwd: FAKE_MAYA,
    input: JSON.stringify(input),
    encoding: "utf8",
    maxBuffer: 2 ** 26,
    timeout: 60_000,
  } as const;
  return JSON.parse(execFileSync(executable, ["-B", "-c", script], options));
}

test("a Python string is ASCII on one line", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(pythonString(text)).toMatch(/^'[ -~]*'$/);
    }),
  );
});

describe.each(pythons)("Python $version", ({ executable }) => {
  test("reads every text back as it was", () => {
    const texts = samples();
    const script =
      "import ast, json, sys\nprint(json.dumps([ast.literal_eval(text) for text in json.load(sys.stdin)]))";
    expect(runPython(executable, script, texts.map(pythonString))).toEqual(texts);
  });

  test("is given no code but a string, also through MEL", () => {
    const texts = samples();
    const script = `
import ast, json, sys
from fake_maya import mel
values = []
mel.BUILT_IN["python"] = lambda code: values.append(ast.literal_eval(code))
for command in json.load(sys.stdin):
    mel.evaluate(command)
print(json.dumps(values))`;
    expect(
      runPython(
        executable,
        script,
        texts.map((text) => melPython(pythonString(text))),
      ),
    ).toEqual(texts);
  });

  test("MEL reads every text of its characters back as it was", () => {
    const texts = samples().filter((text) => PRINTABLE.test(text));
    expect(texts.length).toBeGreaterThan(100);
    const script = `
import json, sys
from fake_maya import mel
print(json.dumps([mel.evaluate(text) for text in json.load(sys.stdin)]))`;
    expect(runPython(executable, script, texts.map(melString))).toEqual(texts);
  });
});

test("MEL strings refuse what MEL has no escape for", () => {
  expect(() => melString("ü")).toThrow(RangeError);
  expect(() => melString("a\0b")).toThrow(RangeError);
});

test("a call is made of characters that are code in no language, and holds what was typed", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const line = rpcLine("0".repeat(64), { method: "submit", args: { blend: text } });
      expect(line).toMatch(/^RJ1\.[A-Za-z0-9_.=-]+$/);
      const body = Buffer.from(line.split(".")[2] ?? "", "base64url").toString("utf8");
      expect(JSON.parse(body).args.blend).toBe(text);
    }),
  );
});
