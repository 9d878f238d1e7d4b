// How many requests it costs to wait for 200 jobs.
import { report, withFarm } from "./measure.ts";

const JOBS = 200;
const TICKS = 20;

await withFarm({ JOBS: String(JOBS) }, async (url, client) => {
  const waits = Array.from({ length: JOBS }, (_, index) =>
    client.jobs.waitFor(`job-${index}`, { until: "finished", onProgress: () => {} }),
  );
  const read = async () =>
    (await fetch(`${url}/counts`)).json() as Promise<Record<"list" | "progress" | "single", number>>;
  const pages = JOBS / 100;
  let counts = await read();
  while (counts.list < TICKS * pages) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    counts = await read();
  }
  await fetch(`${url}/finish`);
  await Promise.all(waits);
  const perTick = (counts.list + counts.progress + counts.single) / (counts.list / pages) / pages;
  report("requests per tick and 100 jobs, 200 jobs waited for", perTick.toFixed(2), "< 1.2", perTick < 1.2);
});
