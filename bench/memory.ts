// How much memory the CLI takes for an upload, by the size of the scene.
import { join } from "node:path";
import { peakMemoryMiB, report, withFarm, withFolder, writeSparseScene } from "./measure.ts";

await withFolder((folder) =>
  withFarm({}, async (url) => {
    const small = await peakOf(folder, url, 64 * 1024 ** 2);
    const large = await peakOf(folder, url, Math.round(4.9 * 1024 ** 3));
    const growth = large / small;
    report(
      "peak memory of the upload of 64 MiB",
      `${Math.round(small)} MiB`,
      "<= 130 MB",
      small * 1.048576 <= 130,
    );
    report(
      "peak memory of the upload of 4.9 GiB",
      `${Math.round(large)} MiB`,
      "<= 130 MB",
      large * 1.048576 <= 130,
    );
    report("4.9 GiB relative to 64 MiB", growth.toFixed(2), "<= 1.30", growth <= 1.3);
  }),
);

async function peakOf(folder: string, url: string, sizeBytes: number): Promise<number> {
  const scene = join(folder, "scene.blend");
  writeSparseScene(scene, sizeBytes);
  const args = ["--quiet", "submit", scene, "--until", "created"];
  return peakMemoryMiB(args, { RENDERJUICE_API_URL: url, RENDERJUICE_API_KEY: "RJ-bench" });
}
