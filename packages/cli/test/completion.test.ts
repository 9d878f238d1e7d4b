import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { completionScript } from "../src/commands/completion.ts";
import { createProgram } from "../src/program.ts";

/** What bash offers for a line, with the cursor at its end. */
function complete(...words: string[]): string[] {
  const script = completionScript("bash", createProgram("0.0.0"));
  const line = words.map((word) => `'${word}'`).join(" ");
  const ask = `${script}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _renderjuice; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const said = execFileSync("bash", ["-c", ask], { encoding: "utf8", timeout: 60_000 });
  return said.split("\n").filter(Boolean);
}

describe("in bash", () => {
  test("completes commands", () => {
    expect(complete("renderjuice", "su")).toEqual(["submit"]);
    expect(complete("renderjuice", "")).toContain("doctor");
  });

  test("completes the options of a command, and the common ones", () => {
    expect(complete("renderjuice", "submit", "--on")).toEqual(["--on-interrupt", "--only-missing"]);
    expect(complete("renderjuice", "list", "--js")).toEqual(["--json"]);
  });
});

test("for fish, every command has a line", () => {
  const script = completionScript("fish", createProgram("0.0.0"));
  for (const { name } of createProgram("0.0.0").commands.map((command) => ({ name: command.name() }))) {
    expect(script).toContain(`-a ${name} `);
  }
});
