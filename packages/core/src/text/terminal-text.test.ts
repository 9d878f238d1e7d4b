import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foreignLine, jsonLine, terminalLine, terminalText } from "./terminal-text.ts";

const OBEYED = /[\p{Cc}\p{Bidi_Control}]/u;

describe("text for a terminal", () => {
  it("shows escape sequences instead of sending them", () => {
    expect(terminalText("\u001b]0;title\u0007\u001b[2Jdone")).toBe("\\x1b]0;title\\x07\\x1b[2Jdone");
  });

  it("shows the one-byte controls that some terminals take for an escape", () => {
    expect(terminalText("\u009b31mred")).toBe("\\x9b31mred");
  });

  it("shows what would turn the order of letters", () => {
    expect(terminalText("shot\u202edneb.exe")).toBe("shot\\u202edneb.exe");
  });

  it("shows a carriage return, with which a line is written over", () => {
    expect(terminalText("failed\rdone  ")).toBe("failed\\x0ddone  ");
  });

  it("leaves names in any script, emoji, tabs and line breaks as they are", () => {
    const text = "シーン\tКадр\nשלום 👩‍🎨 naïve\r\nnext";
    expect(terminalText(text)).toBe(text.replace("\r\n", "\n"));
  });

  it("never lets a control through, whatever comes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(terminalText(text).replace(/[\n\t]/g, "")).not.toMatch(OBEYED);
        expect(terminalLine(text)).not.toMatch(OBEYED);
      }),
    );
  });
});

describe("the log of a workflow", () => {
  it("is commanded by no line", () => {
    expect(terminalText("a\n::error::x\n \t::add-mask::y\n##[error]z")).toBe(
      "a\n\\x3a:error::x\n \t\\x3a:add-mask::y\n\\x23#[error]z",
    );
    expect(terminalLine("::stop-commands::x")).toBe("\\x3a:stop-commands::x");
    expect(terminalText("std::vector, a::b, ## [x]")).toBe("std::vector, a::b, ## [x]");
  });
});

describe("what others say, in a line of ours", () => {
  it("is one line, and redacted", () => {
    expect(foreignLine("boom\n::error::x https://host/a?sig=abc")).toBe(
      "boom ::error::x https://host/a?[redacted]",
    );
  });
});

describe("one line for a terminal", () => {
  it("stays one line", () => {
    expect(terminalLine("shot\r\n✔ all done\u2028.blend")).toBe("shot ✔ all done .blend");
  });
});

describe("a line of JSON", () => {
  it("holds nothing that a terminal obeys, and parses to the same text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const line = jsonLine([text]);
        expect(line).not.toMatch(OBEYED);
        expect(line).not.toContain("\n");
      }),
    );
    expect(JSON.parse(jsonLine({ status: "odd\u009b31m\u202e\n" }))).toEqual({
      status: "odd\u009b31m\u202e\n",
    });
  });

  it("leaves members of ours what they are, but for the secrets", () => {
    const next = "renderjuice download j1 --out /shots/RJ-Studio-projects-2026 --set notes=the-key";
    expect(JSON.parse(jsonLine({ type: "note", message: next }, { next }, ["the-key"]))).toEqual({
      type: "note",
      message: "renderjuice download j1 --out /shots/RJ-[redacted] --set notes=[redacted]",
      next: "renderjuice download j1 --out /shots/RJ-Studio-projects-2026 --set notes=[redacted]",
    });
  });

  it("is redacted", () => {
    expect(jsonLine({ url: "https://host/file?token=secret", apiKey: "RJ-key" })).not.toMatch(
      /secret|RJ-key/,
    );
  });
});
