import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findPython, findPythons } from "../../../hosts/lib/pythons.ts";
import { FakeMaya } from "../../../hosts/maya/fake-maya.ts";
import { RawClient } from "./raw-client.ts";
import { py, setUpMaya } from "./with-maya.ts";

const python = findPython("maya");

/** A Maya with one port, opened as a script would. */
async function openPort(flags: string, quirks: Record<string, unknown> = {}) {
  const setup = await setUpMaya({ python });
  const maya = await setup.startMaya();
  await maya.setQuirks({ continuationSeconds: 0.3, ...quirks });
  const port = Number(
    await maya.python("from renderjuice_maya import command_port\ncommand_port._free_port()"),
  );
  await maya.python(`from maya import cmds\ncmds.commandPort(name=":${port}", ${flags})`);
  const clients: RawClient[] = [];
  return {
    setup,
    maya,
    port,
    connect: async () => {
      const client = await RawClient.connect(port);
      clients.push(client);
      return client;
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client[Symbol.dispose]();
      await setup[Symbol.asyncDispose]();
    },
  };
}

const commandsOf = (maya: FakeMaya) =>
  maya.log
    .filter(({ event }) => event === "command")
    .map(({ text, length }) => ({ text: String(text), length: Number(length) }));

const MEL = 'sourceType="mel"';
const PYTHON = 'sourceType="python"';

describe.skipIf(python === "")("the fake command port does what Maya's does", { concurrent: true }, () => {
  test("F1: one chunk is one message; a full buffer waits for more", async ({ expect }) => {
    await using fake = await openPort(PYTHON);
    const client = await fake.connect();
    expect(await client.ask("1 + 1")).toBe("2");
    expect(await client.ask(`len('${"x".repeat(10_000)}')`)).toBe("10000");
    const exact = `len('${"x".repeat(4096 - 7)}')`;
    expect(exact).toHaveLength(4096);
    expect(await client.ask(exact)).toBe("4089");
    await expect.poll(() => commandsOf(fake.maya).map(({ length }) => length)).toEqual([5, 10_007, 4096]);
  });

  test("F1: what comes after a short chunk is another message", async ({ expect }) => {
    await using fake = await openPort(PYTHON);
    const client = await fake.connect();
    expect(await client.ask("'head'")).toBe("head");
    expect(await client.ask("'tail'")).toBe("tail");
    await expect.poll(() => commandsOf(fake.maya)).toHaveLength(2);
  });

  test("F2: NULs and space around a message count for nothing", async () => {
    await using fake = await openPort(PYTHON);
    const client = await fake.connect();
    expect(await client.ask("\0  3 + 4 \n\0")).toBe("7");
  });

  test.each([
    ["F3: what is not UTF-8", Uint8Array.of(0x27, 0xff, 0xfe, 0x27)],
    ["F4: an empty message", "\0\0"],
  ])("%s ends the connection without an answer", async (_what, data) => {
    await using fake = await openPort(PYTHON);
    const client = await fake.connect();
    client.write(data);
    await client.closed();
    expect(client.received).toBe("");
  });

  test("F4: a lone newline is an empty command", async () => {
    await using fake = await openPort(MEL);
    const client = await fake.connect();
    expect(await client.ask("\n")).toBe("");
    expect(await client.ask("1 + 1")).toBe("2");
  });

  test("F5: one client at a time; the next one is served when the first hangs up", async ({ expect }) => {
    await using fake = await openPort(PYTHON);
    const first = await fake.connect();
    expect(await first.ask("1")).toBe("1");
    const second = await fake.connect();
    second.write("2");
    expect(await first.ask("3")).toBe("3");
    await expect.poll(() => commandsOf(fake.maya).map(({ text }) => text)).toEqual(["1", "3"]);
    first[Symbol.dispose]();
    expect(await second.read()).toEqual(["2"]);
  });

  test("F6: MEL is run line by line, each with a separate answer", async () => {
    await using fake = await openPort(MEL);
    const client = await fake.connect();
    client.write("1 + 1;\nabout -version;\nglobal proc int two() {");
    expect(await client.read(3)).toEqual(["2", "2024", expect.stringContaining("Syntax error")]);
  });

  test("F7: lists are joined by tabs", async () => {
    await using fake = await openPort(MEL);
    expect(await (await fake.connect()).ask("ls -cameras")).toBe("persp\ttop");
  });

  test.each(["about -nonsense", "ls -nonsense"])("F8: %s is an error", async (command) => {
    await using fake = await openPort(MEL);
    expect(await (await fake.connect()).ask(command)).toMatch(/^Error .*\nInvalid flag '-nonsense'\.$/);
  });

  test("F8: nothing marks an error", async () => {
    await using fake = await openPort(MEL);
    const answer = await (await fake.connect()).ask("foo");
    expect(answer).toBe('Error occurred during execution of MEL script\nCannot find procedure "foo".');
  });

  test("F9: noreturn answers all the same, and tells errors", async () => {
    await using fake = await openPort(`${MEL}, noreturn=True`);
    const client = await fake.connect();
    expect(await client.ask("1 + 1")).toBe("");
    expect(await client.ask("foo")).toContain("Cannot find procedure");
  });

  test("F10: returnNumCommands answers with the number of lines", async () => {
    await using fake = await openPort(`${MEL}, returnNumCommands=True`);
    expect(await (await fake.connect()).ask("1\n2\n3")).toBe("3");
  });

  test.each([
    ["None", "list.append"],
    ["an exception", "(lambda value: [list.append(value), 1 / 0])"],
  ])("F11: one line of Python that ends in %s runs twice", async (_what, call) => {
    await using fake = await openPort(PYTHON);
    await fake.maya.python("import __main__\n__main__.runs = []");
    const client = await fake.connect();
    const runs = "__import__('__main__').runs";
    await client.ask(`${call.replaceAll("list", runs)}(1)`);
    expect(await client.ask(`len(${runs})`)).toBe("2");
  });

  test("F12: several lines of Python answer None, and run once", async () => {
    await using fake = await openPort(PYTHON);
    await fake.maya.python("import __main__\n__main__.runs = []");
    const client = await fake.connect();
    expect(await client.ask("import __main__\n__main__.runs.append(1)")).toBe("None");
    expect(await client.ask("len(__import__('__main__').runs)")).toBe("1");
  });

  test("F12: an error in them is its text alone", async () => {
    await using fake = await openPort(PYTHON);
    expect(await (await fake.connect()).ask("x = 1\nnope")).toBe("name 'nope' is not defined");
  });

  test("F13: cmds is at hand; what is defined is forgotten", async () => {
    await using fake = await openPort(PYTHON);
    const client = await fake.connect();
    expect(await client.ask("cmds.about(version=True)")).toBe("2024");
    await client.ask("mine = 1");
    expect(await client.ask("mine")).toBe("name 'mine' is not defined");
  });

  test("F14: a prefix on MEL gets each line as one string", async () => {
    await using fake = await openPort(`${MEL}, prefix="size"`);
    const client = await fake.connect();
    client.write('system("x");\nab\\"');
    expect(await client.read(2)).toEqual(["12", "4"]);
    expect(fake.maya.log.some(({ event }) => event === "SYSTEM")).toBe(false);
  });

  test("F15: a prefix on Python is a syntax error", async () => {
    await using fake = await openPort(`${PYTHON}, prefix="len"`);
    expect(await (await fake.connect()).ask("ab")).toContain("invalid syntax");
  });

  test("F16: echoOutput sends what is printed, after the result", async () => {
    await using fake = await openPort(`${MEL}, echoOutput=True`);
    const client = await fake.connect();
    client.write("python(\"print('juice')\")");
    const [result, ...echoes] = await client.read(3);
    expect([result, echoes.join("")]).toEqual(["", expect.stringContaining("juice")]);
  });

  test("F16: in Mayas with Python 3, echoOutput kills the port", async () => {
    await using fake = await openPort(`${MEL}, echoOutput=True`, { echoFault: true });
    const client = await fake.connect();
    client.write("python(\"print('juice')\")");
    await client.closed();
    const next = await fake.connect();
    next.write("1 + 1");
    await next.closed();
    expect(fake.maya.log).toContainEqual(
      expect.objectContaining({ event: "portError", text: expect.stringContaining("bytes-like") }),
    );
  });

  test("F17: securityWarning asks; Deny hangs up", async () => {
    await using fake = await openPort(`${MEL}, securityWarning=True`);
    const client = await fake.connect();
    client.write("1 + 1");
    await fake.maya.seen(({ event }) => event === "confirmDialog");
    expect(client.received).toBe("");
    fake.maya.send({ answer: "Deny" });
    expect(await client.read()).toEqual(["Execution denied by Maya."]);
    await client.closed();
  });

  test("F17: Allow All asks once", async () => {
    await using fake = await openPort(`${MEL}, securityWarning=True`);
    const client = await fake.connect();
    client.write("1 + 1");
    await fake.maya.seen(({ event }) => event === "confirmDialog");
    fake.maya.send({ answer: "Allow All" });
    expect(await client.read()).toEqual(["2"]);
    expect(await client.ask("2 + 2")).toBe("4");
    expect(fake.maya.log.filter(({ event }) => event === "confirmDialog")).toHaveLength(1);
  });

  test("F18: a busy main thread answers late", async () => {
    await using fake = await openPort(MEL);
    fake.maya.send({ busy: true });
    await fake.maya.seen(({ event }) => event === "busy");
    const client = await fake.connect();
    client.write("1 + 1");
    expect(client.received).toBe("");
    fake.maya.send({ busy: false });
    expect(await client.read()).toEqual(["2"]);
  });

  test("F19: limits as documented: a longer request hangs up", async () => {
    await using fake = await openPort(PYTHON, { oversize: "close" });
    const client = await fake.connect();
    client.write(`len('${"x".repeat(5000)}')`);
    await client.closed();
    await fake.maya.python("'what was said before has arrived'");
    expect(commandsOf(fake.maya)).toEqual([]);
  });

  test("F19: limits as documented: a longer request is answered with an error", async () => {
    await using fake = await openPort(PYTHON, { oversize: "error" });
    const client = await fake.connect();
    client.write(`len('${"x".repeat(4096)}')`);
    expect((await client.read())[0]).toContain("longer than the buffer");
  });

  test("F20: an answer comes in any pieces, its NUL alone", async () => {
    await using fake = await openPort(PYTHON, { replyChunkBytes: 1 });
    expect(await (await fake.connect()).ask("'abc' * 3")).toBe("abcabcabc");
  });

  test("F21: a name without a colon is a UNIX socket, which a second Maya steals", async () => {
    await using fake = await openPort(PYTHON);
    const { folder } = fake.setup;
    await fake.maya.python('cmds.commandPort(name="commandportDefault", sourceType="mel")');
    const path = join(folder, "commandportDefault");
    expect(existsSync(path)).toBe(true);
    using client = await RawClient.connect(path);
    expect(await client.ask("1 + 1")).toBe("2");
    const second = await fake.setup.startMaya();
    await second.python(
      'from maya import cmds\ncmds.commandPort(name="commandportDefault", sourceType="python")',
    );
    using late = await RawClient.connect(path);
    expect(await late.ask("'second'")).toBe("second");
  });

  test("names are keys: the same number under another name is another port", async () => {
    await using fake = await openPort(MEL);
    expect(await fake.maya.python(`cmds.commandPort(":${fake.port}", query=True)`)).toBe(true);
    expect(await fake.maya.python(`cmds.commandPort("127.0.0.1:${fake.port}", query=True)`)).toBe(false);
    await expect(fake.maya.python(`cmds.commandPort(name=":${fake.port}")`)).rejects.toThrow(
      "already active",
    );
  });
});

describe.skipIf(python === "")("the fake maya.cmds refuses what Maya refuses", { concurrent: true }, () => {
  test.each([
    ["a command that Maya does not have", "cmds.renderOnFarm()", "AttributeError"],
    ["a flag that a command does not have", "cmds.commandPort(name=':1', token='x')", "Invalid flag 'token'"],
    [
      "a command in another thread",
      "import threading\nseen = []\ndef ask():\n    try: cmds.ls()\n    except RuntimeError as error: seen.append(str(error))\nthread = threading.Thread(target=ask)\nthread.start()\nthread.join()\nraise RuntimeError(seen[0])",
      "main thread only",
    ],
  ])("%s", async (_what, code, message) => {
    await using setup = await setUpMaya({ python });
    const maya = await setup.startMaya();
    await expect(maya.python(`from maya import cmds\n${code}`)).rejects.toThrow(message);
  });

  test("a window in batch mode; and ports that never answer", async () => {
    await using setup = await setUpMaya({ python });
    const maya = await setup.startMaya({ isBatch: true });
    await expect(maya.python("from maya import cmds\ncmds.window()")).rejects.toThrow("no user interface");
    expect(await maya.python("import renderjuice_maya\nrenderjuice_maya.open_port()")).toBeNull();
  });

  test("the package is written for Python 3.7", async () => {
    const newest = findPythons("maya").find(({ version }) => version === "3.11")?.executable ?? python;
    await using setup = await setUpMaya({ python: newest });
    const maya = await setup.startMaya();
    const folder = join(setup.env.MAYA_APP_DIR, "modules/renderjuice");
    const checked = await maya.python(`
import ast, pathlib
files = sorted(pathlib.Path(${py(folder)}).rglob("*.py"))
for file in files: ast.parse(file.read_text(encoding="utf-8"), feature_version=(3, 7))
len(files)`);
    expect(checked).toBeGreaterThan(10);
  });
});

describe.skipIf(python === "")(
  "a fake Maya that does not do what a test waits for",
  { concurrent: true },
  () => {
    test("is named with what was seen last", async () => {
      await using setup = await setUpMaya({ python });
      const maya = await setup.startMaya();
      await expect(maya.seen(({ event }) => event === "never", 1)).rejects.toThrow(
        /Not seen in .*\n.*"ready"/,
      );
    });

    test("ends when it is given an order that it does not understand, and says so", async () => {
      await using setup = await setUpMaya({ python });
      const maya = await setup.startMaya();
      maya.send({ id: 1, quirks: 1 });
      await expect(maya.seen(({ event }) => event === "done")).rejects.toThrow(/Maya has ended.*TypeError/s);
    });

    test("cannot be started", async () => {
      const start = FakeMaya.start({ python: "/nonexistent/python", sceneFile: "", env: {} });
      await expect(start).rejects.toThrow(/Maya has ended.*ENOENT/);
    });

    test("hangs before it is ready: it is killed", async () => {
      const folder = await mkdtemp(join(tmpdir(), "renderjuice-hangs-"));
      const hanging = join(folder, "python");
      await writeFile(hanging, `#!/bin/sh\necho $$ > "${folder}/pid"\nexec sleep 600\n`);
      await chmod(hanging, 0o755);
      const start = FakeMaya.start({ python: hanging, sceneFile: "", env: {}, limitMs: 3000 });
      await expect(start).rejects.toThrow("Not seen in 3 s.");
      const pid = Number(await readFile(join(folder, "pid"), "utf8"));
      expect(() => process.kill(pid, 0)).toThrow("ESRCH");
      await rm(folder, { recursive: true });
    });
  },
);
