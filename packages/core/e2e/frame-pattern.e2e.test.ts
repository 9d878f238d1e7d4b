import { execFileSync } from "node:child_process";
import { findBlender } from "@renderjuice/sandbox";
import { expect, test } from "vitest";
import { hasBlender } from "../../../hosts/lib/test-programs.ts";
import { nameFrame } from "../src/adapter.ts";

const PATTERNS = [
  "shot_####",
  "shot_",
  "shot",
  "a##_b###",
  "shot_##.v2",
  "shot_####.png",
  "v1.5_",
  "Größe 場面 #",
];
const FRAMES = [1, 42, 12345, -7];

/** What Blender would call the frames, without rendering them. */
async function askBlender(): Promise<string[]> {
  const { executable } = await findBlender();
  const script = `
import bpy, json
render = bpy.context.scene.render
names = []
for pattern in json.loads(${JSON.stringify(JSON.stringify(PATTERNS))}):
    render.filepath = "/out/" + pattern
    names += [render.frame_path(frame=frame)[len("/out/"):] for frame in ${JSON.stringify(FRAMES)}]
print("NAMES" + json.dumps(names))
`;
  const args = ["--background", "--factory-startup", "--python-expr", script];
  const said = execFileSync(executable, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 120_000,
  });
  return JSON.parse(/^NAMES(.*)$/m.exec(said)?.[1] ?? "[]");
}

test.runIf(await hasBlender())("frames are called as Blender would call them", async () => {
  const ours = PATTERNS.flatMap((pattern) =>
    FRAMES.map((frame) => nameFrame(pattern, frame, "frame_0001.png")),
  );
  expect(ours).toEqual(await askBlender());
});
