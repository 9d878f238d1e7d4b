import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PNG } from "pngjs";
import { describe, expect, test } from "vitest";
import { holdRenders } from "../../../hosts/lib/held-renders.ts";
import { findPython, findPythons } from "../../../hosts/lib/pythons.ts";
import { takeTerminalPicture } from "../../../hosts/lib/terminal-picture.ts";
import { py, setUpMaya } from "./with-maya.ts";

/** Of what Maya shows, to be looked at. */
const PICTURE = fileURLToPath(new URL("../test-output/what-maya-shows.png", import.meta.url));

describe.each(findPythons("maya"))("Python $version", { concurrent: true }, ({ executable }) => {
  test("one call: caches out, frames in the project's images folder, progress in Maya", async () => {
    await using setup = await setUpMaya({ python: executable, simulatedStepMs: 20 });
    const maya = await setup.startMaya();
    await maya.python(`
import renderjuice_maya
phases = []
renderjuice_maya.on_progress(lambda job: phases.append(job["phase"]))
job = renderjuice_maya.submit(blend=${py(setup.blend)}, image_plane="shotCam")
`);
    await maya.seen(({ event, text }) => event === "inViewMessage" && /3 frames are in/.test(String(text)));

    // Frames of the render settings: 1 to 6 by 2.
    const names = (await readdir(setup.imagesFolder)).filter((name) => name.endsWith(".png")).sort();
    expect(names).toEqual(["contact_sheet.png", "sh010_0001.png", "sh010_0003.png", "sh010_0005.png"]);
    const frame = PNG.sync.read(await readFile(join(setup.imagesFolder, "sh010_0001.png")));
    expect([frame.width, frame.height]).toEqual([64, 36]);

    expect(maya.log).toContainEqual(
      expect.objectContaining({ event: "export", format: "abc", roots: ["|hero_grp"] }),
    );
    const messages = maya.log.filter(({ kind }) => kind === "text").map(({ label }) => String(label));
    expect(messages.some((message) => /Uploading|The farm is checking|Rendering|Waiting/.test(message))).toBe(
      true,
    );
    const plane = await maya.seen(
      ({ event, plug }) => event === "setAttr" && /imageName$/.test(String(plug)),
    );
    expect(plane).toMatchObject({ value: join(setup.imagesFolder, "sh010_0001.png") });

    expect(await maya.python("phases[-1]")).toBe("completed");
    expect(await maya.python("job.state()['phase'], len(renderjuice_maya.status())")).toEqual([
      "completed",
      1,
    ]);
    await maya.python("renderjuice_maya.open_frames()");
    expect(maya.log).toContainEqual(
      expect.objectContaining({ event: "launch", directory: setup.imagesFolder }),
    );
    expect(maya.errors).toBe("");
    const said = maya.log.filter(({ event }) => ["output", "warning", "inViewMessage"].includes(event));
    const lines = said.map(({ event, text }) => (event === "warning" ? `# Warning: ${text}` : String(text)));
    const output = lines.join("\n").replaceAll(setup.folder, "/shows");
    await takeTerminalPicture(output, { file: PICTURE, columns: 110 });
    expect(setup.sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1 });
  });
});

const python = findPython("maya");

describe.skipIf(python === "")("submit", { concurrent: true }, () => {
  test("a job's folder tells nobody the key, and neither does the port or a command line", async () => {
    await using setup = await setUpMaya({ python });
    const maya = await setup.startMaya();
    const id = await maya.python(
      `import renderjuice_maya\nrenderjuice_maya.submit(blend=${py(setup.blend)}).id`,
    );
    await maya.seen(({ event, text }) => event === "inViewMessage" && /frames are in/.test(String(text)));
    const key = setup.env.RENDERJUICE_API_KEY;
    for (const name of ["job.json", "state.json", "record.json", "bridge.log", "owner.json"])
      expect(await readFile(join(setup.jobsFolder, String(id), name), "utf8")).not.toContain(key);
    expect(JSON.stringify(maya.log)).not.toContain(key);
  });

  test("what does not cross is reported before anything is paid for", async () => {
    await using setup = await setUpMaya({ python });
    const maya = await setup.startMaya();
    const id = await maya.python(
      `import renderjuice_maya\nrenderjuice_maya.submit(blend=${py(setup.blend)}).id`,
    );
    const { dependencies } = JSON.parse(
      await readFile(join(setup.jobsFolder, String(id), "job.json"), "utf8"),
    );
    const project = join(setup.folder, "juice project");
    expect(dependencies).toEqual([
      expect.objectContaining({ kind: "audio", node: "voice", isMissing: true }),
      expect.objectContaining({
        kind: "file",
        node: "oddPlugin",
        path: join(project, "cache/points.bin"),
        isMissing: true,
      }),
      expect.objectContaining({
        kind: "reference",
        node: "setRN",
        path: join(project, "scenes/set.ma"),
        isMissing: false,
      }),
      expect.objectContaining({
        kind: "texture",
        path: join(project, "sourceimages/skin.<UDIM>.exr"),
        files: [join(project, "sourceimages/skin.1001.exr"), join(project, "sourceimages/skin.1002.exr")],
      }),
    ]);
    const said = maya.log
      .filter(({ stream }) => stream === "stdout")
      .map(({ text }) => text)
      .join("");
    expect(said).toContain("skin.<UDIM>.exr");
    expect(said).toContain("must be in the .blend or next to it");
  });

  test("a wrong key is reported in Maya, with what to do", async () => {
    await using setup = await setUpMaya({ python });
    const maya = await setup.startMaya({ env: { ...setup.env, RENDERJUICE_API_KEY: "RJ-wrong" } });
    await maya.python(`import renderjuice_maya\nrenderjuice_maya.submit(blend=${py(setup.blend)})`);
    const { text } = await maya.seen(({ event, text }) => event === "warning" && /key/i.test(String(text)));
    expect(text).not.toContain("RJ-wrong");
    expect(await maya.python("renderjuice_maya.status()[0]['phase']")).toBe("failed");
    expect(await maya.python("len(renderjuice_maya.status()[0]['hint']) > 10")).toBe(true);
  });

  test("the log says when a rate limit makes the bridge wait, once", async () => {
    await using setup = await setUpMaya({ python, faults: ["rate-limit:1@createJob"] });
    const maya = await setup.startMaya();
    const id = await maya.python(
      `import renderjuice_maya\nrenderjuice_maya.submit(blend=${py(setup.blend)}).id`,
    );
    await maya.seen(({ event, text }) => event === "inViewMessage" && /frames are in/.test(String(text)));
    const log = await readFile(join(setup.jobsFolder, String(id), "bridge.log"), "utf8");
    expect(log.split("\n").filter((line) => /rate limit|Too many/i.test(line))).toEqual([
      "The API's rate limit was reached. Continuing in 1s.",
    ]);
  });

  test("a rate limit that lasts too long is reported in Maya with how long to wait", async ({ expect }) => {
    await using setup = await setUpMaya({ python, faults: ["rate-limit:1200@createJob*all"] });
    const maya = await setup.startMaya();
    await maya.python(`import renderjuice_maya\nrenderjuice_maya.submit(blend=${py(setup.blend)})`);
    const { text } = await maya.seen(({ event, text }) => event === "warning" && /429/.test(String(text)));
    expect(text).toContain("The API asks you to wait 20m.");
  });

  test("what the farm refuses is reported in Maya, and the copies of the caches are gone", async ({
    expect,
  }) => {
    await using setup = await setUpMaya({ python, faults: ["error-body:nest@startRender*all"] });
    const maya = await setup.startMaya();
    const id = await maya.python(
      `import renderjuice_maya\nrenderjuice_maya.submit(blend=${py(setup.blend)}).id`,
    );
    const ended = () => maya.python("renderjuice_maya.status()[0]['phase']");
    await expect.poll(ended, { timeout: 20_000 }).toBe("failed");
    await expect.poll(() => readdir(join(setup.jobsFolder, String(id)))).not.toContain("caches");
  });

  test("cancel ends the render on the farm", async ({ expect }) => {
    const { renderer } = holdRenders();
    await using setup = await setUpMaya({ python, renderer });
    const maya = await setup.startMaya();
    await maya.python(`import renderjuice_maya\nrenderjuice_maya.submit(blend=${py(setup.blend)})`);
    await maya.seen(({ label }) => /Rendering: \d+/.test(String(label)));
    await maya.python("renderjuice_maya.cancel()");
    await maya.seen(({ event, text }) => event === "inViewMessage" && /Canceled/.test(String(text)));
    await expect.poll(() => setup.sandbox.statistics.rendersRunning).toBe(0);
  });

  test("progress goes on when another scene is opened; its frames do not land in the wrong scene", async () => {
    await using setup = await setUpMaya({ python, simulatedStepMs: 100 });
    const maya = await setup.startMaya();
    await maya.python(
      `import renderjuice_maya\nrenderjuice_maya.submit(blend=${py(setup.blend)}, image_plane="shotCam")`,
    );
    await maya.python("from maya import cmds\ncmds.file(newFile=True, force=True)");
    await maya.seen(({ event, text }) => event === "inViewMessage" && /frames are in/.test(String(text)));
    expect(maya.log.filter(({ event }) => event === "imagePlane")).toEqual([]);
  });

  test("Maya is restarted in the middle: the new one takes the job up and shows its end", async () => {
    const { renderer, letGo } = holdRenders();
    await using setup = await setUpMaya({ python, renderer });
    const first = await setup.startMaya();
    await first.python(
      `import renderjuice_maya\nrenderjuice_maya.submit(blend=${py(setup.blend)}, frames="1-20")`,
    );
    await first.seen(({ label }) => /Rendering: \d+/.test(String(label)));
    await first.kill();
    const second = await setup.startMaya();
    expect(await second.python("import renderjuice_maya\nlen(renderjuice_maya.attach())")).toBe(1);
    letGo();
    await second.seen(
      ({ event, text }) => event === "inViewMessage" && /20 frames are in/.test(String(text)),
    );
    expect(setup.sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1 });
  });

  test("a second Maya leaves the jobs of the first to it", async () => {
    const { renderer, letGo } = holdRenders();
    await using setup = await setUpMaya({ python, renderer });
    const first = await setup.startMaya();
    await first.python(
      `import renderjuice_maya\nrenderjuice_maya.submit(blend=${py(setup.blend)}, frames="1-10")`,
    );
    await first.seen(({ label }) => /Rendering: \d+/.test(String(label)));
    const second = await setup.startMaya();
    expect(await second.python("import renderjuice_maya\nrenderjuice_maya.attach()")).toEqual([]);
    expect(await second.python("[job['phase'] for job in renderjuice_maya.status()]")).toEqual(["rendering"]);
    letGo();
    await first.seen(({ event, text }) => event === "inViewMessage" && /10 frames are in/.test(String(text)));
  });

  test("so it does when the first is busy and its port takes no more calls", async ({ expect }) => {
    const { renderer, letGo } = holdRenders();
    await using setup = await setUpMaya({ python, renderer });
    const first = await setup.startMaya();
    await first.python(`import renderjuice_maya\nrenderjuice_maya.submit(blend=${py(setup.blend)})`);
    const { port } = await setup.openPort(first);
    first.send({ busy: true });
    await first.seen(({ event }) => event === "busy");
    const waiting = Array.from({ length: 10 }, () => createConnection(port, "127.0.0.1"));
    for (const socket of waiting) socket.on("error", () => undefined);
    const second = await setup.startMaya();
    const isFull = () =>
      second.python(`
import socket
try: socket.create_connection(("127.0.0.1", ${port}), timeout=0.2).close()
except socket.timeout: full = True
else: full = False
full`);
    await expect.poll(isFull).toBe(true);
    expect(await second.python("import renderjuice_maya\nrenderjuice_maya.attach()")).toEqual([]);
    expect(await readdir(setup.sessionsFolder)).toHaveLength(2);
    for (const socket of waiting) socket.destroy();
    first.send({ busy: false });
    letGo();
    await first.seen(({ event, text }) => event === "inViewMessage" && /3 frames are in/.test(String(text)));
  });

  test("so it does when the first runs on another machine with the same home", async ({ expect }) => {
    const { renderer, letGo } = holdRenders();
    await using setup = await setUpMaya({ python, renderer });
    const elsewhere = await setup.startMaya();
    await elsewhere.python('import socket\nsocket.gethostname = lambda: "Workstation B"');
    const id = await elsewhere.python(
      `import renderjuice_maya\nrenderjuice_maya.submit(blend=${py(setup.blend)}).id`,
    );
    const ownerFile = join(setup.jobsFolder, String(id), "owner.json");
    const owner = await readFile(ownerFile, "utf8");
    // From here, nobody can ask what listens there.
    await elsewhere.kill();
    const here = await setup.startMaya();
    expect(await here.python("import renderjuice_maya\nrenderjuice_maya.attach()")).toEqual([]);
    expect(await readFile(ownerFile, "utf8")).toBe(owner);
    letGo();
    await expect.poll(() => here.python("renderjuice_maya.status()[0]['phase']")).toBe("completed");
  });

  test("the bridge is killed: Maya says so, and attach goes on without a second render", async () => {
    const { renderer, letGo } = holdRenders();
    await using setup = await setUpMaya({ python, renderer });
    const maya = await setup.startMaya();
    const id = await maya.python(
      `import renderjuice_maya\nrenderjuice_maya.submit(blend=${py(setup.blend)}, frames="1-20").id`,
    );
    await maya.seen(({ label }) => /Rendering: \d+/.test(String(label)));
    await maya.python(`
import os, signal, subprocess
lines = subprocess.check_output(["ps", "-eo", "pid,args"]).decode().splitlines()
bridge = [line for line in lines if ${py(`jobs/${id}`)} in line]
os.kill(int(bridge[0].split()[0]), signal.SIGKILL)`);
    await maya.seen(
      ({ event, text }) => event === "inViewMessage" && /ended unexpectedly \(-9\)/.test(String(text)),
    );
    expect(await maya.python("renderjuice_maya.status()[0]['phase']")).toBe("stopped");
    expect(await maya.python("renderjuice_maya.attach()")).toEqual([id]);
    letGo();
    await maya.seen(({ event, text }) => event === "inViewMessage" && /20 frames are in/.test(String(text)));
    expect(await readdir(setup.imagesFolder)).toContain("sh010_0020.png");
    expect(setup.sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1 });
  });

  test("from a terminal: renderjuice-maya submit, status", async () => {
    await using setup = await setUpMaya({ python });
    const maya = await setup.startMaya();
    await setup.openPort(maya);
    const { exitCode, stdout, stderr } = await setup.cli("submit", "--blend", setup.blend, "--frames", "1-2");
    expect(exitCode, stderr).toBe(0);
    await maya.seen(({ event, text }) => event === "inViewMessage" && /2 frames are in/.test(String(text)));
    const status = JSON.parse((await setup.cli("status", "--json")).stdout);
    expect(status).toMatchObject({ id: stdout.trim(), phase: "completed" });
  });

  test("mayapy: no port, the same call, and wait=True stays until the frames are there", async ({
    expect,
  }) => {
    await using setup = await setUpMaya({ python });
    const maya = await setup.startMaya({ isBatch: true });
    const messages = await maya.python(`
import renderjuice_maya
messages = []
renderjuice_maya.on_progress(lambda job: messages.append(job["message"]))
renderjuice_maya.submit(blend=${py(setup.blend)}, wait=True)
messages`);
    expect(messages).toContainEqual(expect.stringMatching(/3 frames are in/));
    expect(await readdir(setup.imagesFolder)).toContain("sh010_0005.png");
    expect(maya.errors).toBe("");
  });

  test("mayapy: a callback gets each state once, in order, however late the script waits", async ({
    expect,
  }) => {
    await using setup = await setUpMaya({ python });
    const maya = await setup.startMaya({ isBatch: true });
    await maya.python(`import renderjuice_maya\njob = renderjuice_maya.submit(blend=${py(setup.blend)})`);
    await expect.poll(() => maya.python("job.state()['phase']")).toBe("completed");
    const states = (await maya.python(`
states = []
renderjuice_maya.on_progress(lambda job: states.append([job["revision"], job["phase"]]))
job.wait()
states`)) as [number, string][];
    const revisions = states.map(([revision]) => revision);
    expect(revisions).toEqual([...new Set(revisions)].sort((one, other) => one - other));
    const phases = states.map(([, phase]) => phase);
    expect(phases).toEqual(expect.arrayContaining(["preparing", "uploading", "rendering"]));
    expect(phases.filter((phase) => phase === "completed")).toHaveLength(1);
  });

  test("an export that fails leaves nothing behind, and the submission can be made again", async () => {
    await using setup = await setUpMaya({ python, scene: { unwritable: ["set_house"] } });
    const maya = await setup.startMaya();
    const submission = `renderjuice_maya.submit(blend=${py(setup.blend)}, job_id="4f1c4f1c4f1c").id`;
    await expect(maya.python(`import renderjuice_maya\n${submission}`)).rejects.toThrow("The disk is full.");
    expect(await readdir(setup.jobsFolder)).toEqual([]);
    await maya.python("from fake_maya.scene import scene\nscene['unwritable'] = []");
    expect(await maya.python(submission)).toBe("4f1c4f1c4f1c");
    await expect(maya.python(submission)).rejects.toThrow("was already submitted");
    await maya.seen(({ event, text }) => event === "inViewMessage" && /frames are in/.test(String(text)));
  });

  test("a bridge that was deleted is reported, and nothing is exported", async () => {
    await using setup = await setUpMaya({ python });
    const maya = await setup.startMaya();
    const command = [process.execPath, join(setup.folder, "npx cache", "main.js")];
    await writeFile(
      join(setup.env.MAYA_APP_DIR, "modules/renderjuice/bridge.json"),
      JSON.stringify({ command }),
    );
    await expect(
      maya.python(`import renderjuice_maya\nrenderjuice_maya.submit(blend=${py(setup.blend)})`),
    ).rejects.toThrow(/no longer installed in .*npx cache\. Run renderjuice-maya install again/);
    expect(existsSync(setup.jobsFolder)).toBe(false);
  });

  test("a mayapy script that does not wait may end; the frames come all the same", async () => {
    await using setup = await setUpMaya({ python, simulatedStepMs: 100 });
    const maya = await setup.startMaya({ isBatch: true });
    const id = await maya.python(
      `import renderjuice_maya\nrenderjuice_maya.submit(blend=${py(setup.blend)}).id`,
    );
    await maya.kill();
    const { exitCode, stderr } = await setup.cli("attach", String(id));
    expect(exitCode, stderr).toBe(0);
    expect(setup.sandbox.statistics.rendersStarted).toBe(1);
  });

  test("MEL: renderjuiceSubmit asks for the .blend the first time only", async () => {
    await using setup = await setUpMaya({ python });
    const maya = await setup.startMaya();
    maya.send({ id: 100, python: "from maya import mel\nmel.eval('renderjuiceSubmit')" });
    await maya.seen(({ event }) => event === "fileDialog");
    maya.send({ answer: setup.blend });
    await maya.seen(({ event, id, value }) => event === "done" && id === 100 && typeof value === "string");
    expect(await maya.python("mel.eval('renderjuiceSubmit')")).toMatch(/^[0-9a-f]{32}$/);
    expect(maya.log.filter(({ event }) => event === "fileDialog")).toHaveLength(1);
  });

  test("the plug-in builds menu and shelf; both submit, and Cancel is not an error", async ({ expect }) => {
    await using setup = await setUpMaya({ python });
    const maya = await setup.startMaya();
    const press = async (id: number, label: string, answer: string) => {
      const asked = maya.log.filter(({ event }) => event === "fileDialog").length;
      maya.send({ id, python: `from fake_maya import commands\ncommands.press(${py(label)})` });
      await maya.seen(
        ({ event }) =>
          event === "fileDialog" && maya.log.filter((one) => one.event === "fileDialog").length > asked,
      );
      maya.send({ answer });
      return maya.seen((one) => one.event === "done" && one.id === id);
    };
    const plugin = join(setup.env.MAYA_APP_DIR, "modules/renderjuice/plug-ins/renderjuice_menu.py");
    await maya.python(
      `import runpy\nplugin = runpy.run_path(${py(plugin)})\nplugin["initializePlugin"](None)`,
    );
    await maya.seen(({ kind, label }) => kind === "shelfButton" && label === "Submit");
    expect(await press(100, "Submit...", "")).not.toHaveProperty("error");
    expect(await press(101, "Submit", "")).not.toHaveProperty("error");
    expect(existsSync(setup.jobsFolder)).toBe(false);
    expect(await press(102, "Submit", setup.blend)).not.toHaveProperty("error");
    await maya.seen(({ event, text }) => event === "inViewMessage" && /frames are in/.test(String(text)));
    await maya.python("commands.press('Submit...')");
    await expect.poll(() => maya.python("import renderjuice_maya\nlen(renderjuice_maya.status())")).toBe(2);
    await maya.python('plugin["uninitializePlugin"](None)');
    expect(await maya.python("from maya import cmds\ncmds.commandPort(query=True, listPorts=True)")).toEqual(
      [],
    );
  });
});

describe.skipIf(python === "")("the scene", () => {
  test("that was never saved is refused", async () => {
    await using setup = await setUpMaya({ python, scene: { path: "" } });
    const maya = await setup.startMaya();
    maya.send({
      id: 100,
      python: `import renderjuice_maya\nrenderjuice_maya.submit(blend=${py(setup.blend)})`,
    });
    await maya.seen(({ event }) => event === "confirmDialog");
    maya.send({ answer: "OK" });
    const done = await maya.seen(({ event, id }) => event === "done" && id === 100);
    expect(done).toMatchObject({ type: "RenderjuiceError", error: expect.stringContaining("Save it first") });
  });

  test.each([
    ["Save", true, true],
    ["Submit Last Saved", false, true],
    ["Cancel", false, false],
  ])("with unsaved changes asks; %s", async (answer, isSaved, isSent) => {
    await using setup = await setUpMaya({ python, scene: { modified: true } });
    const maya = await setup.startMaya();
    maya.send({
      id: 100,
      python: `import renderjuice_maya\nrenderjuice_maya.submit(blend=${py(setup.blend)}).id`,
    });
    await maya.seen(({ event }) => event === "confirmDialog");
    maya.send({ answer });
    const done = await maya.seen(({ event, id }) => event === "done" && id === 100);
    expect(done.error === undefined).toBe(isSent);
    expect(maya.log.some(({ event }) => event === "saved")).toBe(isSaved);
    if (!isSent) return;
    const job = JSON.parse(await readFile(join(setup.jobsFolder, String(done.value), "job.json"), "utf8"));
    expect(job.leavesChangesOut).toBe(!isSaved);
    await maya.seen(({ event, text }) => event === "inViewMessage" && /frames are in/.test(String(text)));
  });

  test.each([
    [{ time: "ntsc" }, 30],
    [{ time: "23.976fps" }, 23.976],
    [{ time: "48fps" }, 48],
  ])("%j runs at %d frames per second", async (scene, fps) => {
    await using setup = await setUpMaya({ python, scene });
    const maya = await setup.startMaya();
    expect(await maya.python("from renderjuice_maya import scene_facts\nscene_facts.read_fps()")).toBe(fps);
  });
});
