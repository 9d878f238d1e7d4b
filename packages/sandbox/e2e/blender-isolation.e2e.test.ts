import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { isAtLeast } from "@renderjuice/core/adapter/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fetchFinished } from "../src/renderers/blender/fetch-finished.ts";
import { createBlenderRenderer } from "../src/renderers/blender/index.ts";
import { describeIsolation, findIsolation } from "../src/renderers/blender/isolation/find-isolation.ts";
import type { Isolation } from "../src/renderers/blender/isolation/isolation.ts";
import { createNamespaces } from "../src/renderers/blender/isolation/namespaces.ts";
import { locateProgram } from "../src/renderers/blender/isolation/program.ts";
import { runBlender } from "../src/renderers/blender/run-blender.ts";
import { createWorkFolder } from "../src/renderers/blender/work-folder.ts";
import { makeScene } from "./make-scene.ts";
import { analyzeInput, renderScene } from "./render-scene.ts";
import { blenderOrSkip } from "./with-blender.ts";

const renderer = await blenderOrSkip();

/** A process that leaves its group and its parent, keeps the pipes open and has no end. `{tag}` names it. */
const STRANGER = `
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execvp("sleep", ["sleep", "{tag}"])
    os._exit(0)
os.wait()
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "blender-isolation-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs Python in Blender's cell, as a scene could whose code got to run. @returns what it printed as `SAYS …` */
async function runInside(
  isolation: Isolation,
  python: string,
): Promise<{ says: string[]; code: number | null }> {
  const sceneDir = join(folder, "scene");
  await mkdir(sceneDir, { recursive: true, mode: 0o755 });
  await using work = await createWorkFolder(join(folder, "work"), sceneDir, isolation);
  const { command } = isolation.enter(work.folders);
  const says: string[] = [];
  const { code } = await runBlender({
    command: [...command, "-b", "--factory-startup", "--python-exit-code", "9", "--python-expr", python],
    env: { PATH: process.env.PATH ?? "", HOME: "/job/work/home" },
    workDir: work.folders.workDir,
    token: "TOKEN",
    limits: { stepMs: 120_000, jobMs: 120_000, memoryBytes: 8 * 1024 ** 3 },
    signal: new AbortController().signal,
    onMessage: () => {},
    onLogLine: (line) => {
      if (line.startsWith("SAYS ")) says.push(line.slice(5));
    },
  });
  return { says, code };
}

async function isRunning(command: string): Promise<boolean> {
  const { stdout } = await promisify(execFile)("ps", ["-eo", "args="]);
  return stdout.split("\n").includes(command);
}

describe.runIf(renderer?.isolation.kind === "bubblewrap")(
  "code that a scene got to run, in bubblewrap",
  () => {
    const inside = async (python: string) => {
      const program = await locateProgram(renderer?.blender.executable ?? "", process.env);
      return runInside(await findIsolation("required", program), python);
    };

    test("sees neither the sandbox's data and keys nor anybody's home", async () => {
      const secret = join(folder, "api-key");
      await writeFile(secret, "RJ-secret");
      const places = [folder, secret, homedir(), "/home", "/root", "/etc/passwd", "/var", process.cwd()];
      const python = `
import os
for place in ${JSON.stringify(places)}:
    if os.path.exists(place): print("SAYS", place)`;
      expect(await inside(python)).toEqual({ says: [], code: 0 });
    });

    test("writes into its own folder and nowhere else", async () => {
      const python = `
import os
for place in ["/", "/usr", "/etc", "/dev", "/dev/shm", "/job", "/job/scene", "/renderjuice", "/blender", "/proc", "/var/tmp"]:
    try:
        open(os.path.join(place, "ESCAPED_file"), "w")
        print("SAYS", place)
    except OSError:
        pass
for place in ["/tmp", "/job/work"]:
    open(os.path.join(place, "mine"), "w")`;
      expect(await inside(python)).toEqual({ says: [], code: 0 });
    });

    test("has no network", async () => {
      const server = createServer((_request, response) => response.end("reached"));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      const python = `import urllib.request; urllib.request.urlopen("http://127.0.0.1:${port}", timeout=3)`;
      const { code } = await inside(python);
      server.close();
      expect(code).toBe(9);
    });

    test("is nobody, without rights and without our environment", async () => {
      const python = `
import os
print("SAYS uid", os.getuid() == 0)
print("SAYS", [line.split()[1].strip("0") for line in open("/proc/self/status") if line.startswith("CapEff")])
print("SAYS", sorted(name for name in os.environ if "KEY" in name or "DISPLAY" in name))
print("SAYS others", len([name for name in os.listdir("/proc") if name.isdigit()]) > 5)`;
      expect(await inside(python)).toEqual({ says: ["uid False", "['']", "[]", "others False"], code: 0 });
    });

    test("holds nothing up and leaves nothing running", async () => {
      const { code } = await inside(STRANGER.replace("{tag}", "86391"));
      expect(code).toBe(0);
      expect(await isRunning("sleep 86391")).toBe(false);
    });
  },
);

test.runIf(renderer)("the isolation is reported, for doctor", async () => {
  const { kind, description } = await describeIsolation(renderer?.blender.executable ?? "");
  expect({ kind, description }).toEqual({
    kind: renderer?.isolation.kind,
    description: renderer?.isolation.description,
  });
});

describe.runIf(renderer)("what a scene's code leaves running", () => {
  test.runIf(process.platform === "linux" && process.getuid?.() === 0)(
    "goes down with Blender where there is only unshare",
    async () => {
      const program = await locateProgram(renderer?.blender.executable ?? "", process.env);
      await runInside(createNamespaces(program, "test"), STRANGER.replace("{tag}", "86392"));
      expect(await isRunning("sleep 86392")).toBe(false);
    },
  );

  test.skipIf(process.platform === "win32")("does not hold the job where there is no isolation", async () => {
    const program = await locateProgram(renderer?.blender.executable ?? "", process.env);
    const isolation = await findIsolation("off", program);
    const { code } = await runInside(isolation, STRANGER.replace("{tag}", "86393"));
    expect(code).toBe(0);
    await promisify(execFile)("pkill", ["-xf", "sleep 86393"]);
  });
});

/** Small scenes with a Freestyle script or a File Output node in a scene that is reached by another. */
const HOSTILE = `
FOLDER = "{folder}"
def small(scene):
    scene.render.engine, scene.cycles.samples = "CYCLES", 1
    scene.render.resolution_x = scene.render.resolution_y = 16
def script(scene, tag):
    scene.render.use_freestyle = True
    layer = scene.view_layers[0]
    layer.use_freestyle = True
    layer.freestyle_settings.mode = "SCRIPT"
    text = bpy.data.texts.new(tag)
    text.write(f"open(r'{FOLDER}/RAN_{tag}', 'w').close()")
    module = layer.freestyle_settings.modules.new()
    module.script, module.use = text, True
    return layer.freestyle_settings
def second():
    other = bpy.data.scenes.new("Second")
    small(other)
    for item in scene.objects: other.collection.objects.link(item)
    other.camera = scene.camera
    return other
def strip(other):
    editor = scene.sequence_editor_create() or scene.sequence_editor
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    strips.new_scene("s", other, 1, 1)
def tree_of(owner):
    if hasattr(owner, "compositing_node_group"):
        owner.compositing_node_group = bpy.data.node_groups.new("Compositor", "CompositorNodeTree")
        return owner.compositing_node_group
    owner.use_nodes = True
    return owner.node_tree
def file_output(tree):
    node = tree.nodes.new("CompositorNodeOutputFile")
    if hasattr(node, "file_output_items"):
        node.directory = FOLDER
        node.file_output_items.new("RGBA", "ESCAPED_")
    else:
        node.base_path, node.file_slots[0].path = FOLDER, "ESCAPED_"
    layers = tree.nodes.new("CompositorNodeRLayers")
    tree.links.new(layers.outputs[0], node.inputs[0])
`;

describe.runIf(renderer)("a hostile scene, even without isolation", () => {
  test.each([
    ["a separate script", "script(scene, 'direct')"],
    [
      "a script of a scene behind a Render Layers node",
      `
other = second()
script(other, "rlayer")
tree = tree_of(scene)
mine, theirs = (tree.nodes.new("CompositorNodeRLayers") for _ in range(2))
theirs.scene = other
mix = tree.nodes.new("CompositorNodeAlphaOver")
slots = [slot for slot in mix.inputs if slot.type == "RGBA"]
tree.links.new(mine.outputs[0], slots[0])
tree.links.new(theirs.outputs[0], slots[1])
if hasattr(scene, "compositing_node_group"):
    tree.interface.new_socket("Image", in_out="OUTPUT", socket_type="NodeSocketColor")
    end = tree.nodes.new("NodeGroupOutput")
else:
    end = tree.nodes.new("CompositorNodeComposite")
tree.links.new(mix.outputs[0], end.inputs[0])`,
    ],
    ["a script of a scene in a strip", "other = second(); script(other, 'strip'); strip(other)"],
    ["outputs of a scene in a strip", "other = second(); file_output(tree_of(other)); strip(other)"],
    [
      "a suffix of a view that leads out",
      `
scene.render.use_multiview = True
scene.render.views_format = "MULTIVIEW"
scene.render.views[0].file_suffix = "/../../../ESCAPED_view"`,
    ],
    [
      "a fluid whose cache is elsewhere",
      `
modifier = cube.modifiers.new("f", "FLUID")
modifier.fluid_type = "DOMAIN"
modifier.domain_settings.cache_type = "REPLAY"
modifier.domain_settings.resolution_max = 8
modifier.domain_settings.cache_directory = FOLDER + "/ESCAPED_fluid"`,
    ],
    [
      "a cloth that keeps its cache on disk",
      `
bpy.ops.wm.save_as_mainfile(filepath=FOLDER + "/tmp.blend")
cube.modifiers.new("c", "CLOTH")
cube.modifiers["c"].point_cache.use_disk_cache = True`,
    ],
  ])("does nothing with %s", async (what, python) => {
    const trap = await mkdtemp(join(folder, "trap-"));
    const free = await createBlenderRenderer({ isolation: "off" });
    const name = what.replaceAll(" ", "-");
    const scene = await makeScene(free, trap, name, HOSTILE.replace("{folder}", trap) + python);
    const traps = async () =>
      (await readdir(trap)).filter((entry) => /^(RAN|ESCAPED|blendcache)/.test(entry));
    for (const entry of await traps()) await rm(join(trap, entry), { recursive: true });
    const { frames } = await renderScene(free, scene, { frames: [1, 2] });
    expect(frames).toEqual([1, 2]);
    expect(await traps()).toEqual([]);
  });

  test("does nothing with a scene of a library, its scripts and outputs", async () => {
    const trap = await mkdtemp(join(folder, "library-"));
    const free = await createBlenderRenderer({ isolation: "off" });
    const helpers = HOSTILE.replace("{folder}", trap);
    await makeScene(
      free,
      trap,
      "library",
      `${helpers}\nscript(scene, "library"); file_output(tree_of(scene))`,
    );
    const link = `
bpy.ops.wm.save_as_mainfile(filepath=FOLDER + "/tmp.blend")
with bpy.data.libraries.load("//library.blend", link=True, relative=True) as (theirs, ours):
    ours.scenes = theirs.scenes
strip(ours.scenes[0])`;
    const scene = await makeScene(free, trap, "shot", helpers + link);
    const { files, analysis } = await renderScene(free, scene, { frames: [1] });
    expect(analysis.warnings).toContainEqual(expect.stringMatching(/scripts are not run/));
    expect(files.map(({ kind }) => kind)).toContain("frame");
    expect((await readdir(trap)).filter((entry) => /^(RAN|ESCAPED)/.test(entry))).toEqual([]);
  });

  test("says in the analysis that scripts are not run", async () => {
    const free = await createBlenderRenderer({ isolation: "off" });
    const python = `${HOSTILE.replace("{folder}", folder)}script(second(), "said")`;
    const scene = await makeScene(free, folder, "said", python);
    const { warnings } = await free.analyze(analyzeInput(scene));
    expect(warnings).toContainEqual(expect.stringMatching(/"Second".*scripts are not run/));
  });

  test("loses its Open Shading Language scripts, and says so", async () => {
    const free = await createBlenderRenderer({ isolation: "off" });
    const python = `
scene.cycles.shading_system = True
material = bpy.data.materials.new("m")
material.use_nodes = True
node = material.node_tree.nodes.new("ShaderNodeScript")
node.name, node.mode, node.filepath = "Writer", "EXTERNAL", "//writer.osl"
cube.data.materials.append(material)`;
    const scene = await makeScene(free, folder, "shading", python);
    const { analysis, warnings } = await renderScene(free, scene, { frames: [1] });
    for (const said of [analysis.warnings, warnings])
      expect(said).toContainEqual('Node "Writer": Open Shading Language scripts are not run.');
  });

  test("loses a camera's script, though nothing uses it yet: an animation can", async (context) => {
    const free = await createBlenderRenderer({ isolation: "off" });
    if (!isAtLeast(free.blender.version, 5, 0)) context.skip("this Blender has no cameras with scripts");
    const python = `
camera = scene.camera.data
camera.name, camera.custom_mode, camera.custom_filepath = "Lens", "EXTERNAL", "//lens.osl"
camera.keyframe_insert("type", frame=1)
camera.type = "CUSTOM"
camera.keyframe_insert("type", frame=2)
camera.type = "PERSP"`;
    const scene = await makeScene(free, folder, "lens", python);
    const { warnings, frames } = await renderScene(free, scene, { frames: [1, 2] });
    expect(frames).toEqual([1, 2]);
    expect(warnings).toContainEqual('Camera "Lens": Open Shading Language scripts are not run.');
  });

  test("keeps what it delivered: a link never becomes a frame", async () => {
    const secret = join(folder, "secret");
    await writeFile(secret, "RJ-secret");
    const work = await mkdtemp(join(folder, "links-"));
    await symlink(secret, join(work, "finished-1"));
    const file = {
      name: "finished-1",
      kind: "frame",
      relativePath: "../../shot_0001.png",
      frame: 1,
    } as const;
    expect(() => fetchFinished([file], work, join(work, "output"))).toThrow(/not a regular file/);
    expect(await readFile(secret, "utf8")).toBe("RJ-secret");
    await expect(access(join(work, "output", "shot_0001.png"))).rejects.toThrow();
  });
});
