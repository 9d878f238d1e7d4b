import { readdir } from "node:fs/promises";
import { createConnection, createServer } from "node:net";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findPython } from "../../../hosts/lib/pythons.ts";
import { MayaRpc } from "../src/port/maya-rpc.ts";
import type { SendOptions } from "../src/port/send-line.ts";
import type { MayaSession } from "../src/port/session.ts";
import { RawClient } from "./raw-client.ts";
import { py, setUpMaya } from "./with-maya.ts";

const python = findPython("maya");
const isLinux = process.platform === "linux";

async function connect(options: SendOptions = {}) {
  const setup = await setUpMaya({ python });
  process.env.MAYA_APP_DIR = setup.env.MAYA_APP_DIR;
  const maya = await setup.startMaya();
  const session: MayaSession = await setup.openPort(maya);
  const rpc = new MayaRpc(session, { replyTimeoutMs: 500, ...options });
  return { ...setup, setup, maya, session, rpc };
}

const countOf = (rpc: MayaRpc, key: string) => rpc.call("counted", { key });

describe.skipIf(python === "")("a call to Maya", () => {
  test("is answered, whatever pieces the answer comes in", async () => {
    await using maya = await connect({ replyTimeoutMs: 10_000 });
    await maya.maya.setQuirks({ replyChunkBytes: 3 });
    expect(await maya.rpc.call("echo", { text: "果汁", count: 50 })).toEqual({
      received: 2,
      text: "果汁".repeat(50),
    });
  });

  test("carries a megabyte, through a file that only this user can read and that is gone afterwards", async () => {
    await using maya = await connect({ replyTimeoutMs: 10_000 });
    const text = "'; import os #".repeat(75_000);
    expect(await maya.rpc.call("echo", { text })).toEqual({ received: text.length, text });
    const names = await readdir(join(maya.env.MAYA_APP_DIR, "renderjuice/sessions"));
    expect(names).toEqual([expect.stringMatching(`^${maya.maya.pid}@`)]);
  });

  test("with arguments in a file of another place is refused", async () => {
    await using maya = await connect();
    using client = await RawClient.connect(maya.session.port);
    const call = { id: "1", method: "echo", argsFile: join(maya.folder, "scene.json") };
    const body = Buffer.from(JSON.stringify(call)).toString("base64url");
    const answer = JSON.parse(await client.ask(`RJ1.${maya.session.token}.${body}`));
    expect(answer).toMatchObject({ ok: false, error: { type: "ValueError" } });
  });

  test.runIf(isLinux)(
    "behind a dialog: says that Maya's main thread is busy; it is executed once, and late",
    async () => {
      await using maya = await connect();
      maya.maya.send({
        id: 100,
        python: "cmds = __import__('maya.cmds').cmds\ncmds.confirmDialog(message='Save?', button=['Yes'])",
      });
      await maya.maya.seen(({ event }) => event === "confirmDialog");
      await expect(maya.rpc.call("count", { key: "late" })).rejects.toMatchObject({
        failure: "silent",
        message: expect.stringContaining("main thread is busy"),
        hint: expect.stringContaining("dialog"),
      });
      maya.maya.send({ answer: "Yes" });
      await maya.maya.seen(({ event, id }) => event === "done" && id === 100);
      expect(await countOf(maya.rpc, "late")).toBe(1);
    },
  );

  test.runIf(isLinux)("with another client on the port: says that somebody else holds it", async () => {
    await using maya = await connect();
    using other = await RawClient.connect(maya.session.port);
    await other.ask("hello");
    await expect(maya.rpc.call("ping")).rejects.toMatchObject({
      failure: "silent",
      message: expect.stringContaining("another program occupies the port"),
    });
    other[Symbol.dispose]();
    expect(await maya.rpc.call("ping")).toMatchObject({ pid: maya.maya.pid });
  });

  test.runIf(isLinux)("when those before wait to be answered: says so, and sends nothing", async () => {
    await using maya = await connect({ connectTimeoutMs: 500 });
    maya.maya.send({ busy: true });
    await maya.maya.seen(({ event }) => event === "busy");
    const waiting = Array.from({ length: 10 }, () => createConnection(maya.session.port, "127.0.0.1"));
    await expect
      .poll(() => maya.rpc.call("count", { key: "never" }).catch(({ failure }) => failure))
      .toBe("busy");
    for (const socket of waiting) socket.destroy();
    maya.maya.send({ busy: false });
    await expect.poll(() => maya.rpc.call("ping").catch(({ failure }) => failure)).toHaveProperty("pid");
  });

  test("with a wrong token is refused with an answer that tells nothing", async () => {
    await using maya = await connect();
    const stranger = new MayaRpc({ ...maya.session, token: "0".repeat(64) });
    await expect(stranger.call("ping")).rejects.toMatchObject({ failure: "refused" });
    using client = await RawClient.connect(maya.session.port);
    for (const token of ["0".repeat(64), "", "x"])
      expect(["", '{"ok": false}']).toContain(await client.ask(`RJ1.${token}.e30`));
  });

  test("is executed once, also when its answer is lost, and is not sent again", async () => {
    await using maya = await connect();
    maya.maya.send({ busy: true });
    await maya.maya.seen(({ event }) => event === "busy");
    await expect(maya.rpc.call("count", { key: "once" })).rejects.toMatchObject({
      failure: "silent",
      isRetryable: false,
    });
    maya.maya.send({ busy: false });
    expect(await countOf(maya.rpc, "once")).toBe(1);
  });

  test("Maya is killed in the middle: says that it may have been done", async () => {
    await using maya = await connect({ replyTimeoutMs: 20_000 });
    maya.maya.send({ busy: true });
    await maya.maya.seen(({ event }) => event === "busy");
    const call = maya.rpc.call("ping");
    const outcome = expect(call).rejects.toMatchObject({ failure: "lost", code: "outcome_unknown" });
    // The port has it when it has taken it from the socket; a second call would not get that far.
    await expect(new MayaRpc(maya.session, { replyTimeoutMs: 200 }).call("ping")).rejects.toMatchObject({
      failure: "silent",
    });
    await maya.maya.kill();
    await outcome;
    await expect(maya.rpc.call("ping")).rejects.toMatchObject({ failure: "unreachable", isRetryable: true });
  });

  test("calls go one after the other", async () => {
    await using maya = await connect({ replyTimeoutMs: 5000 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => maya.rpc.call("echo", { text: `${index}` })),
    );
    expect(answers).toEqual(
      Array.from({ length: 20 }, (_, index) => expect.objectContaining({ text: `${index}` })),
    );
  });

  test("what Maya could not do comes back as its error", async () => {
    await using maya = await connect();
    await expect(maya.rpc.call("nothing")).rejects.toMatchObject({
      failure: "failed",
      message: expect.stringContaining("nothing"),
    });
  });
});

describe.skipIf(python === "")("a stranger at the port", () => {
  test("a web page's POST runs nothing, not even a line of its body", async () => {
    await using maya = await connect();
    const body = 'system("calc");\npython("__import__(\'os\').system(\'calc\')");\n"; system("calc"); "';
    const request = fetch(`http://127.0.0.1:${maya.session.port}/`, {
      method: "POST",
      body,
      headers: { "content-type": "text/plain" },
    });
    await expect(request).rejects.toThrow();
    await maya.maya.seen(({ event }) => event === "command");
    expect(await maya.rpc.call("ping")).toMatchObject({ pid: maya.maya.pid });
    expect(maya.maya.log.filter(({ event }) => event === "SYSTEM")).toEqual([]);
    // Said once, not once per line.
    expect(maya.maya.log.filter(({ event }) => event === "warning")).toEqual([
      expect.objectContaining({ text: expect.stringContaining("and was refused") }),
    ]);
  });

  test.each([
    'RJ1.x"); system("calc"); ("',
    "RJ1.a.b'); __import__('os').system('calc') #",
    "RJ1.a.b\\",
    '"; system("calc"); "',
    "renderjuiceSubmit",
  ])("%s is turned away", async (line) => {
    await using maya = await connect();
    using client = await RawClient.connect(maya.session.port);
    expect(await client.ask(line)).toBe("");
    expect(maya.maya.log.filter(({ event }) => event === "SYSTEM" || event === "error")).toEqual([]);
  });
});

describe.skipIf(python === "")("nothing that is typed is executed", () => {
  test("hostile names come through Node, MEL and Python as they were", async () => {
    await using maya = await connect({ replyTimeoutMs: 10_000 });
    const typed = fc.oneof(
      fc.constantFrom(
        "'); __import__('os').system('calc') #",
        '"); system("calc"); ("',
        "\\'); evil() #",
        "`system calc`",
        "line\nnext\0end",
        "\ud800",
      ),
      fc.string({ unit: "binary", maxLength: 200 }),
    );
    await fc.assert(
      fc.asyncProperty(typed, async (text) => {
        expect(await maya.rpc.call("echo", { text })).toMatchObject({ text });
      }),
      { numRuns: 300 },
    );
    expect(maya.maya.log.filter(({ event }) => ["SYSTEM", "error", "portError"].includes(event))).toEqual([]);
  });
});

describe.skipIf(python === "")("submit over the port", () => {
  test("the same key twice is one job", async () => {
    await using maya = await connect({ replyTimeoutMs: 10_000 });
    const args = { key: "4f1c4f1c4f1c", options: { blend: maya.blend } };
    await maya.rpc.call("submit", args);
    await maya.rpc.call("submit", args);
    await maya.maya.seen(
      ({ event, text }) => event === "inViewMessage" && /frames are in/.test(String(text)),
    );
    expect(maya.sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1 });
    expect(await maya.rpc.call("submission", { key: args.key })).toEqual({
      state: "submitted",
      job: args.key,
    });
  });

  test("the same key in a Maya that was restarted is refused, and the first job goes on", async () => {
    await using maya = await connect({ replyTimeoutMs: 10_000 });
    const args = { key: "4f1c4f1c4f1c", options: { blend: maya.blend } };
    await maya.rpc.call("submit", args);
    await maya.maya.seen(
      ({ event, text }) => event === "inViewMessage" && /frames are in/.test(String(text)),
    );
    await maya.maya.kill();
    const second = await maya.setup.startMaya();
    const rpc = new MayaRpc(await maya.setup.openPort(second));
    await rpc.call("submit", args);
    await second.seen(({ event, text }) => event === "warning" && /was already submitted/.test(String(text)));
    expect(maya.sandbox.statistics.rendersStarted).toBe(1);
  });

  test("what Maya refuses is reported in the terminal", async () => {
    await using maya = await connect();
    const { exitCode, stderr } = await maya.cli(
      "submit",
      "--blend",
      join(maya.folder, "nope'); evil('.blend"),
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain("There is no");
    expect(stderr).toContain("Pass the Blender scene of this shot: blend=");
  });
});

describe.skipIf(python === "")("doctor", () => {
  test("measures Renderjuice's own port", async () => {
    await using maya = await connect();
    const { exitCode, stdout } = await maya.cli("doctor");
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain("a call is executed once");
    expect(stdout).toContain("texts of up to 1000000 bytes arrive and come back whole");
  });

  test.each(["mel", "python"])("measures a port that was opened for it: %s", async (type) => {
    await using maya = await connect();
    const port = Number(
      await maya.maya.python("from renderjuice_maya import command_port\ncommand_port._free_port()"),
    );
    await maya.maya.python(
      `from maya import cmds\ncmds.commandPort(name=":${port}", sourceType=${py(type)})`,
    );
    await maya.maya.setQuirks({ continuationSeconds: 0.2 });
    const { exitCode, stdout } = await maya.cli("doctor", "--port", String(port), "--type", type);
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toContain(`a call without a value is executed ${type === "python" ? 2 : 1} times`);
    expect(stdout).toContain("printing does not disturb the port");
  });

  test("finds the echo fault", async () => {
    await using maya = await connect();
    const port = Number(
      await maya.maya.python("from renderjuice_maya import command_port\ncommand_port._free_port()"),
    );
    await maya.maya.setQuirks({ continuationSeconds: 0.1, echoFault: true });
    await maya.maya.python(
      `from maya import cmds\ncmds.commandPort(name=":${port}", sourceType="mel", echoOutput=True)`,
    );
    const { exitCode, stdout } = await maya.cli("doctor", "--port", String(port));
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/✖ echo/);
    expect(stdout).toContain("opened with -echoOutput");
  });
});

describe("a port that is not Maya's", () => {
  test.each([
    ["nothing listens", undefined, "unreachable"],
    ["hangs up", "", "lost"],
    ["answers HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", "garbled"],
    ["answers without an end", "not ours", "garbled"],
  ])("%s", async (_what, answer, failure) => {
    const server = createServer((socket) => socket.once("data", () => socket.end(answer ?? ""))).listen(
      0,
      "127.0.0.1",
    );
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    if (answer === undefined) await new Promise((resolve) => server.close(resolve));
    const session = {
      version: 1 as const,
      host: "here",
      pid: process.pid,
      port,
      token: "0".repeat(64),
      mayaVersion: "2024",
    };
    await expect(new MayaRpc(session).call("ping")).rejects.toMatchObject({ failure });
    server.close();
  });
});
