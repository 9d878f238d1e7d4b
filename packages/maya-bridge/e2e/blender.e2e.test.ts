import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { findPythons } from "../../../hosts/lib/pythons.ts";
import { hasBlender } from "../../../hosts/lib/test-programs.ts";
import { py, setUpMaya } from "./with-maya.ts";

const [python] = findPythons("maya");
const canRun = python !== undefined && (await hasBlender());

test.runIf(canRun)("from Maya through real Blender and back into the project", async () => {
  await using setup = await setUpMaya({ python: python?.executable ?? "", renderer: "blender" });
  const maya = await setup.startMaya();
  await maya.python(`
import renderjuice_maya
renderjuice_maya.submit(blend=${py(setup.blend)}, frames="1-2", settings={"sampleCount": 4})`);
  await maya.seen(({ event, text }) => event === "inViewMessage" && /2 frames are in/.test(String(text)));
  const names = await readdir(setup.imagesFolder);
  expect(names).toEqual(expect.arrayContaining(["sh010_0001.png", "sh010_0002.png", "contact_sheet.png"]));
  const frame = PNG.sync.read(await readFile(join(setup.imagesFolder, "sh010_0001.png")));
  // As Maya's render settings have it; the .blend says 480 x 270.
  expect([frame.width, frame.height]).toEqual([64, 36]);
  const colors = new Set(
    Array.from({ length: frame.data.length / 4 }, (_, pixel) => frame.data.readUInt32BE(4 * pixel)),
  );
  expect(colors.size).toBeGreaterThan(50);
  expect(maya.log.some(({ label }) => /Rendering: /.test(String(label)))).toBe(true);
});
