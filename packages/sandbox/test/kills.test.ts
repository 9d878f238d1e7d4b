import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { PNG } from "pngjs";
import { expect, onTestFinished, test } from "vitest";
import { CONFIG, SCENE, startSandbox } from "./with-sandbox.ts";

const PROCESS = fileURLToPath(new URL("sandbox-process.ts", import.meta.url));
const KILLS = 12;
const FINAL = ["completed", "failed", "canceled"];

async function startProcess(dataDir: string) {
  const child = spawn(process.execPath, ["--conditions=@renderjuice/source", PROCESS, dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface(child.stdout), "line");
  const { url, apiKey } = JSON.parse(line as string) as { url: string; apiKey: string };
  const kill = async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  const post = async (path: string, body: unknown = {}) => {
    const headers = { authorization: `Bearer ${apiKey}` };
    const response = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    return (await response.json()) as { uploadUrl: string; slug: string; id: string };
  };
  return { kill, post };
}

/** Takes jobs through the API until the sandbox is gone. */
async function submitUntilGone(post: Awaited<ReturnType<typeof startProcess>>["post"]): Promise<void> {
  for (;;) {
    const upload = await post("/uploads", { fileName: "shot.blend", fileType: "blend" });
    await fetch(upload.uploadUrl, { method: "PUT", body: new Uint8Array(SCENE) });
    const { id } = await post("/jobs", { slug: upload.slug });
    await post(`/jobs/${id}/validate`);
    await delay(10);
    await post(`/jobs/${id}/render`, { requestedRenderConfig: CONFIG });
  }
}

test("a sandbox that is killed at any moment loses nothing and keeps nothing by halves", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "renderjuice-kills-"));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  for (let kill = 0; kill < KILLS; kill++) {
    const sandbox = await startProcess(dataDir);
    const submitting = submitUntilGone(sandbox.post).catch(() => "gone");
    await delay((kill * 37) % 200);
    await sandbox.kill();
    expect(await submitting).toBe("gone");
  }

  await using setup = await startSandbox({ dataDir });
  const listAll = async () => (await setup.api.listJobs("?pageSize=100")).jobs ?? [];
  const isSettled = ({ status }: { status: string }) => [...FINAL, "created", "validated"].includes(status);
  await expect.poll(async () => (await listAll()).every(isSettled)).toBe(true);
  const completed = (await listAll()).filter(({ status }) => status === "completed");
  expect(completed.length).toBeGreaterThan(0);
  expect((await listAll()).filter(({ status }) => status === "failed")).toEqual([]);

  for (const { id } of completed) {
    const output = join(dataDir, "jobs", id, "output");
    const { frameOutputs } = await setup.api.downloads(id);
    expect(frameOutputs?.map(({ fileName }) => fileName)).toEqual(
      [1, 2, 3, 4, 5].map((frame) => `frame_000${frame}.png`),
    );
    for (const name of await readdir(output)) {
      expect(name).toMatch(/\.png$/);
      expect(PNG.sync.read(await readFile(join(output, name)))).toMatchObject({ width: 32, height: 18 });
    }
  }
  for (const name of await readdir(join(dataDir, "uploads"))) {
    expect(name).toMatch(/\.blend$/);
    expect((await stat(join(dataDir, "uploads", name))).size).toBe(SCENE.length);
  }
  await setup.sandbox.close();
  using database = new DatabaseSync(join(dataDir, "sandbox.sqlite"));
  expect(database.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
}, 120_000);
