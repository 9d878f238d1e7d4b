import { randomUUID } from "node:crypto";
import type { Finding } from "./finding.ts";
import { MayaError } from "./maya-error.ts";
import { melPython, melString, pythonString } from "./quoting.ts";
import { sendLine } from "./send-line.ts";

type Send = (line: string) => Promise<string>;

const BUFFER_BYTES = 4096;
const LONG_BYTES = 20_000;
const ECHO_FAULT: Finding = {
  check: "echo",
  state: "warning",
  detail:
    "Printing kills this port: it was opened with -echoOutput, as editors' extensions do. It stays " +
    "dead until Maya is restarted. Never share such a port with other programs.",
};

/** Tests a command port that was opened for this: no prefix, and no other client. */
export async function measureForeignPort(port: number, type: "mel" | "python"): Promise<Finding[]> {
  const send: Send = (line) => sendLine(port, line, { replyTimeoutMs: 8000 });
  const findings: Finding[] = [];
  const measure = async (check: string, work: () => Promise<string>) => {
    try {
      findings.push({ check, state: "ok", detail: await work() });
    } catch (error) {
      if (!MayaError.isInstance(error)) throw error;
      findings.push({ check, state: "failed", detail: `${error.message}\n${error.hint ?? ""}` });
    }
  };
  const evaluate = (expression: string) => send(type === "mel" ? melPython(expression) : expression);
  await measure("version", () => evaluate("__import__('maya.cmds').cmds.about(version=True)"));
  await measure("framing", () => measureLines(send, type));
  await measure(
    "errors",
    async () => `an error is answered with ${JSON.stringify(await send("renderjuiceNoSuchThing"))}`,
  );
  await measure("runs", () => countRuns(evaluate));
  await measure("unicode", () => measureUnicode(evaluate));
  for (const bytes of [BUFFER_BYTES - 1, BUFFER_BYTES, LONG_BYTES]) {
    await measure(`${bytes} B`, () => measureLength(evaluate, bytes));
  }
  // Comes last, since it may kill a port with -echoOutput.
  await measure("echo", () => measureEcho(evaluate));
  if (findings.at(-1)?.state === "failed") findings.push(ECHO_FAULT);
  return findings;
}

async function measureLines(send: Send, type: string): Promise<string> {
  const reply = await send(type === "mel" ? "about -version\nabout -version" : "x = 1\nx");
  const parts = reply.split("\0").length;
  return `two lines are answered with ${parts === 1 ? "one text" : `${parts} texts`}: ${JSON.stringify(reply)}`;
}

/** An expression without a value, which a Python port runs twice. */
async function countRuns(evaluate: Send): Promise<string> {
  const name = pythonString(`renderjuice${randomUUID()}`);
  const list = `__import__('__main__').__dict__.setdefault(${name}, [])`;
  await evaluate(`${list}.append(1)`);
  const runs = await evaluate(`len(${list})`);
  return `a call without a value is executed ${runs} times (if 2, never submit through a python port)`;
}

async function measureUnicode(evaluate: Send): Promise<string> {
  const text = "Früchte 果汁 🍊";
  const reply = await evaluate(pythonString(text));
  return reply === text ? "arrives and comes back" : `comes back as ${JSON.stringify(reply)}`;
}

async function measureLength(evaluate: Send, bytes: number): Promise<string> {
  const frame = "len('')";
  const reply = await evaluate(`len('${"x".repeat(bytes - melString(frame).length - "python()".length)}')`);
  return `a call of about ${bytes} bytes is answered with ${JSON.stringify(reply.slice(0, 100))}`;
}

async function measureEcho(evaluate: Send): Promise<string> {
  await evaluate("__import__('sys').stdout.write('renderjuice\\n')");
  const reply = await evaluate("1 + 1");
  return reply === "2"
    ? "printing does not disturb the port"
    : `after printing, 1 + 1 is answered with ${JSON.stringify(reply)}`;
}
