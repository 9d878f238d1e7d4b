// How fast a scene of 1 GiB goes up, next to curl -T, to a host that throws it away.
import { randomFillSync } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { uploadSource } from "@renderjuice/core/adapter";
import { openSource } from "@renderjuice/core/node";
import { compare, report, timeOf, timeProgram, withFarm, withFolder } from "./measure.ts";

const SIZE_MIB = 1024;

await withFolder((folder) =>
  withFarm({}, async (url, client) => {
    const scene = join(folder, "scene.blend");
    writeRandom(scene);
    const seconds = await compare(7, {
      curl: () => timeProgram("curl", ["-sS", "--fail", "-T", scene, `${url}/put`]),
      renderjuice: () => timeOf(async () => uploadSource(client, await openSource(scene))),
    });
    const speed = (name: keyof typeof seconds) => `${Math.round(SIZE_MIB / seconds[name])} MiB/s`;
    const ratio = seconds.curl / seconds.renderjuice;
    console.log(`  curl -T ${speed("curl")}, renderjuice ${speed("renderjuice")}`);
    report("upload of 1 GiB, speed relative to curl -T", ratio.toFixed(2), ">= 0.95", ratio >= 0.95);
  }),
);

function writeRandom(path: string): void {
  const chunk = randomFillSync(Buffer.alloc(1024 * 1024));
  const file = openSync(path, "w");
  for (let count = 0; count < SIZE_MIB; count++) writeSync(file, chunk);
  closeSync(file);
}
