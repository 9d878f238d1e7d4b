import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Api, createTestClock, startSandbox, type TestClock } from "./with-sandbox.ts";

/** Every status that the sandbox uses; those that two ways lead to have two names. */
export const SITUATIONS = [
  "created",
  "validating",
  "validated",
  "booting",
  "rendering",
  "finalizing",
  "completed",
  "failed in validation",
  "failed in the render",
  "canceled before the render",
  "canceled in the render",
] as const;
export type Situation = (typeof SITUATIONS)[number];

/** A sandbox whose clock stands still, with a job that has come as far as this. */
export async function startWithJob(situation: Situation) {
  const dataDir = await mkdtemp(join(tmpdir(), "renderjuice-sandbox-test-"));
  const clock = createTestClock();
  const options = { clock, dataDir, concurrency: 1 };
  const first = await startSandbox(options);
  const id = await bringTo(situation, first.api, clock, first.sandbox.faults);
  const setup = situation === "finalizing" ? await pretendFinalizing(first, dataDir, id, options) : first;
  return {
    ...setup,
    clock,
    dataDir,
    id,
    async [Symbol.asyncDispose]() {
      await setup.sandbox.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

async function bringTo(
  situation: Situation,
  api: Api,
  clock: TestClock,
  faults: { add(spec: string): void },
): Promise<string> {
  const { id } = await api.createJob(situation === "failed in validation" ? Buffer.from("text") : undefined);
  if (situation === "created") return id;
  await api.validate(id);
  if (situation === "validating") return id;
  await clock.tick();
  if (situation === "failed in validation") return (await api.reach(id, "failed")).id;
  await api.reach(id, "validated");
  if (situation === "canceled before the render") await api.post(`/jobs/${id}/cancel`);
  if (situation === "validated" || situation === "canceled before the render") return id;
  // One job at a time: while another is validated, this one waits.
  if (situation === "booting") await api.validate((await api.createJob()).id);
  if (situation === "failed in the render") faults.add("render-crash");
  await api.render(id);
  if (situation === "canceled in the render") await api.post(`/jobs/${id}/cancel`);
  if (situation === "failed in the render") {
    await clock.tick();
    await api.reach(id, "failed");
  }
  if (situation === "completed" || situation === "finalizing") {
    await clock.tick(3);
    await api.reach(id, "completed");
  }
  return id;
}

/** No job stays there for long enough to be looked at, so its status on disk is edited; nobody works on it. */
async function pretendFinalizing(
  { sandbox }: Awaited<ReturnType<typeof startSandbox>>,
  dataDir: string,
  id: string,
  options: Parameters<typeof startSandbox>[0],
) {
  await sandbox.close();
  const database = new DatabaseSync(join(dataDir, "sandbox.sqlite"));
  database.prepare("UPDATE jobs SET status = 'finalizing' WHERE id = ?").run(id);
  database.close();
  return startSandbox({ ...options, concurrency: 0 });
}
