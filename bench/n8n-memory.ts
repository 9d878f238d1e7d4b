// How far a file of 1 GiB raises the memory of a real n8n that keeps binary data in the file system. Linux only.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chain, type Parameters, readFileNode, webhookNode } from "../hosts/n8n/workflows.ts";
import { renderjuiceNode, startRenderjuiceN8n } from "../packages/n8n-node/e2e/renderjuice.ts";
import { report, withFarm, writeSparseScene } from "./measure.ts";

const GIB = 1024 ** 3;
const UPLOAD = { resource: "scene", operation: "upload" };
const DOWNLOAD = {
  resource: "output",
  operation: "download",
  jobId: { __rl: true, mode: "id", value: "job-0" },
};

await withFarm({ JOBS: "1", FRAMES: "1", PADDING_MIB: "1024" }, async (baseUrl) => {
  await fetch(`${baseUrl}/finish`);
  await using n8n = await startRenderjuiceN8n({ apiKey: "RJ-bench", baseUrl });
  const small = join(n8n.filesFolder, "small.blend");
  const large = join(n8n.filesFolder, "large.blend");
  writeSparseScene(small, 270_000);
  writeSparseScene(large, GIB);

  /** @returns MiB */
  async function growthOf(scene: string, parameters: Parameters): Promise<number> {
    const before = startMeasuring(n8n.mainPid);
    const node = renderjuiceNode("Renderjuice", parameters);
    const { error, status } = await n8n.run(chain([webhookNode(), readFileNode(scene), node]));
    if (status !== "success") throw new Error(`n8n: ${status} ${error?.message}`);
    return readMemory(n8n.mainPid, "VmHWM") - before;
  }

  // Code and connections that any file takes are there after that.
  await growthOf(small, UPLOAD);
  for (const [name, scene, parameters] of [
    ["upload", large, UPLOAD],
    ["download", small, DOWNLOAD],
  ] as const) {
    const growth = await growthOf(scene, parameters);
    report(
      `n8n, ${name} of 1 GiB, over idle`,
      `${Math.round(growth)} MiB`,
      "<= 150 MB",
      growth * 1.048576 <= 150,
    );
  }
});

/** Forgets the peak until now. @returns what the process has in memory, in MiB */
function startMeasuring(pid: number): number {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
  return readMemory(pid, "VmRSS");
}

/** @returns MiB */
function readMemory(pid: number, field: "VmRSS" | "VmHWM"): number {
  const [, kibibytes = ""] =
    readFileSync(`/proc/${pid}/status`, "utf8").match(new RegExp(`${field}:\\s+(\\d+)`)) ?? [];
  return Number(kibibytes) / 1024;
}
