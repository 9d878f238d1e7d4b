import { expect, test } from "vitest";
import { runChaos } from "./chaos/run-chaos.ts";

test("whatever is killed, the printed command ends with the right frames and one render (npm run chaos: a hundred times)", async () => {
  const { problems, kills } = await runChaos({ kills: 6, seed: 14 });
  expect(problems).toEqual([]);
  expect(Object.values(kills).reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(6);
}, 400_000);
