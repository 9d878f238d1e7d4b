// How fast folders are packed and go up, next to `zip -0` and `curl -T`: large files, and many small ones. Ours are also
// checked: before the upload for what would fail on the farm, after it for changes.
import { randomFillSync } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { preflight } from "@renderjuice/core";
import { uploadSource } from "@renderjuice/core/adapter";
import { type NodeClient, openSource } from "@renderjuice/core/node";
import {
  compare,
  peakMemoryMiB,
  report,
  timeOf,
  timeProgram,
  withFarm,
  withFolder,
  writeSparseScene,
} from "./measure.ts";

const MIB = 1024 ** 2;
const PNG_START = Buffer.from("89504e470d0a1a0a", "hex");
const PNG_END = Buffer.from("0000000049454e44ae426082", "hex");

interface Project {
  readonly files: number;
  readonly sizeBytes: number;
  readonly rounds: number;
}

await withFarm({}, async (url, client) => {
  const large = await measure({ files: 32, sizeBytes: 64 * MIB, rounds: 3 });
  const speed = large.others / large.ours;
  report("2 GiB in 32 files, speed relative to zip and curl", speed.toFixed(2), ">= 1.60", speed >= 1.6);
  reportMemory("2 GiB in 32 files", large.peakMiB, 150);
  const some = await measure({ files: 10_000, sizeBytes: 2048, rounds: 5 });
  reportTime("10,000 files of 2 KiB", some.ours / some.others);
  reportMemory("10,000 files of 2 KiB", some.peakMiB, 200);
  const many = await measure({ files: 50_000, sizeBytes: 2048, rounds: 3 });
  reportTime("50,000 files of 2 KiB", many.ours / many.others);
  reportMemory("50,000 files of 2 KiB", many.peakMiB, 300);
  const growth = many.ours / some.ours;
  report("our time for 50,000 files relative to 10,000", growth.toFixed(2), "<= 6", growth <= 6);

  /** @returns the median seconds of each, and how much memory the CLI takes at most for the same */
  async function measure({ files, sizeBytes, rounds }: Project) {
    return withFolder(async (folder) => {
      const project = join(folder, "project");
      writeProject(project, files, sizeBytes);
      const seconds = await compare(rounds, {
        others: () => zipAndSend(project, join(folder, "project.zip"), url),
        ours: () => timeOf(() => packAndSend(project, client)),
      });
      const [others, ours] = [seconds.others, seconds.ours].map((time) => `${time.toFixed(2)} s`);
      console.log(`  zip -0 and curl -T ${others}, renderjuice ${ours}`);
      const env = { RENDERJUICE_API_URL: url, RENDERJUICE_API_KEY: "RJ-bench" };
      const peakMiB = await peakMemoryMiB(["--quiet", "submit", project, "--until", "created"], env);
      return { ...seconds, peakMiB };
    });
  }
});

async function zipAndSend(project: string, archive: string, url: string): Promise<number> {
  rmSync(archive, { force: true });
  const zipped = await timeProgram("zip", ["-0", "-q", "-r", archive, project]);
  return zipped + (await timeProgram("curl", ["-sS", "--fail", "-T", archive, `${url}/put`]));
}

async function packAndSend(project: string, client: NodeClient): Promise<void> {
  const source = await openSource(project);
  const { issues } = preflight(await source.readFacts());
  if (issues.length > 0) throw new Error(issues[0]?.message);
  await uploadSource(client, source);
}

/** A scene with textures that pass for images, a hundred to a folder. */
function writeProject(folder: string, files: number, sizeBytes: number): void {
  mkdirSync(folder);
  writeSparseScene(join(folder, "shot.blend"), 270_000);
  const image = randomFillSync(Buffer.alloc(sizeBytes));
  image.set(PNG_START);
  image.set(PNG_END, sizeBytes - PNG_END.length);
  for (let index = 0; index < files; index++) {
    const path = join(folder, "textures", String(Math.floor(index / 100)), `texture_${index}.png`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, image);
  }
}

function reportTime(what: string, ratio: number): void {
  report(`${what}, time relative to zip and curl`, ratio.toFixed(2), "<= 3", ratio <= 3);
}

function reportMemory(what: string, peakMiB: number, aimMB: number): void {
  const isMet = peakMiB * 1.048576 <= aimMB;
  report(`${what}, peak memory`, `${Math.round(peakMiB)} MiB`, `<= ${aimMB} MB`, isMet);
}
