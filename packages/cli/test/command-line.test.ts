import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { CommandLine } from "../src/command-line.ts";
import { createProgram } from "../src/program.ts";
import { shellQuote } from "../src/shell-quote.ts";

/** Parses a command line as the program does, without running it. */
function read(words: readonly string[]) {
  const program = createProgram("1.0.0");
  let line: CommandLine | undefined;
  let args: unknown;
  let options: Record<string, unknown> = {};
  for (const command of program.commands) {
    command.action((...given: unknown[]) => {
      line = new CommandLine(command);
      args = given[0];
      options = command.optsWithGlobals();
    });
  }
  program.parse(words, { from: "user" });
  if (!line) throw new Error("No command was given.");
  return { line, args, options };
}

/** Splits a pasted line as a shell does, without the name of the program. */
function paste(text: string): string[] {
  const output = execFileSync("sh", ["-c", `printf '%s\\0' ${text}`], { encoding: "utf8" });
  const [program, ...words] = output.split("\0").slice(0, -1);
  expect(program).toBe("renderjuice");
  return words;
}

const SUBMIT = [
  ...["--api-url", "http://localhost:1/api", "--api-key-file", "key file", "--json", "--verbose"],
  ...["submit", "it's a shot.blend", "--frames", "1-10x2,20", "--out", "my frames"],
  ...["--set", "resolutionPercentage=50", "-s", "notes=a \"b\" $HOME `c` \\ ; & 'd'"],
  ...["--only-missing", "--contact-sheet", "sheet one.png", "--timeout", "90s", "--on-interrupt", "detach"],
  ...["--require-complete", "--until", "downloaded", "--no-wait", "--together", "--main", "shot.blend"],
];

describe("the command that continues a job", () => {
  test("has all options of the first, so that it does what that would have done", () => {
    const first = read(SUBMIT);
    const { args, options } = read(paste(first.line.resume({ jobId: "JOB" })));
    const { together: _, main: _main, ...rest } = first.options;
    expect(args).toEqual([]);
    expect(options).toEqual({
      ...rest,
      job: "JOB",
      out: resolve("my frames"),
      contactSheet: resolve("sheet one.png"),
      apiKeyFile: resolve("key file"),
    });
  });

  test("or an upload, whatever the first one started with", () => {
    const first = read(["submit", "--slug", "old", "--frames", "1"]);
    expect(first.line.resume({ slug: "new" })).toBe("renderjuice submit --frames 1 --slug new");
    expect(first.line.resume({ jobId: "JOB" })).toBe("renderjuice submit --frames 1 --job JOB");
  });

  test("has the folder of its scene, if there are several", () => {
    const { line } = read(["submit", "a.blend", "b.blend", "--out", "frames"]);
    expect(line.resume({ jobId: "JOB" }, { out: "/x/frames/a" })).toBe(
      "renderjuice submit --out /x/frames/a --job JOB",
    );
  });

  test("does the rest, if the first one stopped early", () => {
    expect(read(["submit", "a.blend", "--no-wait", "--frames", "1"]).line.rest("JOB")).toBe(
      "renderjuice submit --frames 1 --job JOB",
    );
    expect(read(["submit", "a.blend", "--until", "validated"]).line.rest("JOB")).toBe(
      "renderjuice submit --job JOB",
    );
    expect(read(["validate", "a.blend", "--api-url", "http://localhost:1"]).line.rest("JOB")).toBe(
      "renderjuice render JOB --api-url http://localhost:1",
    );
  });

  test.each([
    [
      ["render", "JOB", "--frames", "1-3", "--set", "fps=12"],
      "renderjuice render JOB --frames 1-3 --set fps=12",
    ],
    [["validate", "a.blend", "--timeout", "2h"], "renderjuice validate --job JOB --timeout 120m"],
  ])("%j", (words, expected) => {
    expect(read(words).line.resume({ jobId: "JOB" })).toBe(expected);
  });
});

test("another command gets the options that it has too, except the time limit", () => {
  const own = ["--set", "fps=12", "--no-wait", "--timeout", "2h"];
  const { line } = read(["submit", "a.blend", "--frames", "1-3", "--quiet", ...own]);
  expect(line.other("cancel", ["JOB"])).toBe("renderjuice cancel JOB --quiet");
  expect(line.other("download", ["JOB"], { out: "/x" })).toBe(
    "renderjuice download JOB --out /x --frames 1-3 --quiet",
  );
});

test("words are quoted for the shell of the system", () => {
  expect(shellQuote("shots/sh010.blend", "linux")).toBe("shots/sh010.blend");
  expect(shellQuote("it's", "linux")).toBe("'it'\\''s'");
  expect(shellQuote("", "linux")).toBe("''");
  expect(shellQuote("=cat", "linux")).toBe("'=cat'");
  expect(shellQuote("C:\\shots\\a.blend", "win32")).toBe("C:\\shots\\a.blend");
  expect(shellQuote("C:\\my shots\\", "win32")).toBe('"C:\\my shots\\\\"');
  expect(shellQuote("1,5,9", "win32")).toBe('"1,5,9"');
  expect(shellQuote('say "hi"', "win32")).toBe('"say \\"hi\\""');
});
