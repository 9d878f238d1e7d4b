import { describe, expect, test } from "vitest";
import { type BlenderMessage, MessageReader } from "../src/renderers/blender/message-reader.ts";

function read(...chunks: (string | Buffer)[]) {
  const messages: BlenderMessage[] = [];
  const log: string[] = [];
  const reader = new MessageReader({
    token: "TOKEN ",
    onMessage: (message) => messages.push(message),
    onLogLine: (line) => log.push(line),
  });
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  reader.end();
  return { messages, log };
}

const OPENED = 'TOKEN {"type":"scene-opened"}';

describe("what Blender prints", () => {
  test("is split into messages and log, however it is cut", () => {
    const whole = `Fra:1\n${OPENED}\r\nSaved: Küche.png\n`;
    const bytes = [...Buffer.from(whole)].map((byte) => Buffer.from([byte]));
    const expected = { messages: [{ type: "scene-opened" }], log: ["Fra:1", "Saved: Küche.png"] };
    expect(read(whole)).toEqual(expected);
    expect(read(...bytes)).toEqual(expected);
  });

  test("is a message at its end even without a line break", () => {
    expect(read(OPENED).messages).toEqual([{ type: "scene-opened" }]);
  });

  test("is not a message without the token", () => {
    expect(read('{"type":"scene-opened"}\n').messages).toEqual([]);
  });

  test("may be a line without end: it is dropped, and what follows is read", () => {
    const chunk = "x".repeat(1024 * 1024);
    const { messages, log } = read(...Array.from({ length: 40 }, () => chunk), `\n${OPENED}\n`);
    expect(messages).toEqual([{ type: "scene-opened" }]);
    expect(log.join("").length).toBeLessThan(20 * 1024 * 1024);
  });

  test.each([
    ["no JSON", "TOKEN {"],
    ["no message", 'TOKEN {"type":"party"}'],
    ["an analysis without members", 'TOKEN {"type":"analysis","analysis":{}}'],
    [
      "a file elsewhere",
      'TOKEN {"type":"frame","frame":1,"files":[{"name":"../sandbox.sqlite","kind":"frame","relativePath":"a","frame":1}]}',
    ],
  ])("is refused when it has the token and is %s", (_what, line) => {
    expect(() => read(`${line}\n`)).toThrow(
      expect.objectContaining({
        type: "renderer_error",
        message: expect.stringMatching(/sent an invalid reply/),
      }),
    );
  });
});
