import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { info, setFailed, warning } from "./workflow-log.ts";

let stdout: MockInstance<typeof process.stdout.write>;

beforeEach(() => {
  stdout = vi.spyOn(process.stdout, "write").mockReturnValue(true);
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const lines = () => stdout.mock.calls.map(([text]) => String(text));

describe("a line of the log", () => {
  it.each([
    ["a name that is a command", "::stop-commands::token", "\\x3a:stop-commands::token\n"],
    ["after spaces, which the runner skips", "  ::add-mask::frame", "  \\x3a:add-mask::frame\n"],
    ["the older form, which may be anywhere", "shot ##[add-mask]frame", "shot \\x23#[add-mask]frame\n"],
    ["a command after a line break", "shot\n::add-mask::frame", "shot ::add-mask::frame\n"],
    ["an escape sequence", "shot\u001b[2J", "shot\\x1b[2J\n"],
  ])("is never a command: %s", (_what, text, line) => {
    info(text);
    expect(lines()).toEqual([line]);
  });

  it("is otherwise unchanged", () => {
    info("Rendered 3 frames in 2 s: at 10:30::15");
    expect(lines()).toEqual(["Rendered 3 frames in 2 s: at 10:30::15\n"]);
  });
});

it("an annotation cannot start a second command", () => {
  warning("reason\n::set-output name=x::y\u0007", { title: "a,b::c" });
  expect(lines()).toEqual(["::warning title=a%2Cb%3A%3Ac::reason%0A\\x3a:set-output name=x::y\\x07\n"]);
});

it("an error keeps its lines", () => {
  setFailed("2 of 3 scenes failed.\nshot: no camera");
  expect(lines()).toEqual(["::error::2 of 3 scenes failed.%0Ashot: no camera\n"]);
});
