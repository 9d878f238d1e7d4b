import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { FileLane } from "../src/node/files/file-lane.ts";
import type { FileWork } from "../src/node/files/file-work.ts";

/** A disk whose calls take as long as they are said to, and its own clock. */
function createDisk(callMs: (file: number) => number) {
  const disk = { nowMs: 0, direct: 0, inParallel: 0, mostInParallel: 0 };
  let running = 0;
  function* work(file: number): FileWork<string> {
    const content = yield {
      now: () => {
        disk.direct += 1;
        disk.nowMs += callMs(file);
        return `content of ${file}`;
      },
      later: async () => {
        disk.inParallel += 1;
        running += 1;
        disk.mostInParallel = Math.max(disk.mostInParallel, running);
        await setImmediate();
        running -= 1;
        return `content of ${file}`;
      },
    };
    return `${content}`;
  }
  return { disk, work, lane: new FileLane(() => disk.nowMs) };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const contents = (count: number) => numbers(count).map((file) => `content of ${file}`);

describe("many files", () => {
  test("on a disk that answers at once are read directly, each once", async () => {
    const { disk, work, lane } = createDisk(() => 0.02);
    expect(await lane.run(numbers(5000), work)).toEqual(contents(5000));
    expect(disk).toMatchObject({ direct: 5000, inParallel: 0 });
  });

  test("let others have their turn in between", async () => {
    const { disk, work, lane } = createDisk(() => 0.1);
    const seen: number[] = [];
    const reading = lane.run(numbers(1000), work);
    while (disk.direct < 1000) {
      seen.push(disk.direct);
      await setImmediate();
    }
    await reading;
    expect(seen.length).toBeGreaterThan(5);
  });

  test("on a network drive are read several at a time, but for a few that measure it", async () => {
    const { disk, work, lane } = createDisk(() => 3);
    expect(await lane.run(numbers(2000), work)).toEqual(contents(2000));
    expect(disk.direct + disk.inParallel).toBe(2000);
    expect(disk.direct).toBeLessThan(50);
    expect(disk.mostInParallel).toBe(16);
  });

  test("on a disk that had to wake up are read directly again", async () => {
    const { disk, work, lane } = createDisk((file) => (file === 0 ? 4000 : 0.02));
    await lane.run(numbers(5000), work);
    expect(disk.inParallel).toBe(256);
  });

  test("end with the first error, which the work could have caught, whichever way they are read", async () => {
    function* failing(isCaught: boolean): FileWork<string> {
      const fail = () => {
        throw new Error("EIO");
      };
      try {
        return `${yield { now: fail, later: async () => fail() }}`;
      } catch (error) {
        if (isCaught) return "caught";
        throw error;
      }
    }
    const { lane } = createDisk(() => 0);
    expect(await lane.run([true], failing)).toEqual(["caught"]);
    await expect(lane.run([true, false], failing)).rejects.toThrow("EIO");
    const slow = createDisk(() => 3);
    await slow.lane.run(numbers(4), slow.work);
    expect(await slow.lane.run([true], failing)).toEqual(["caught"]);
    await expect(slow.lane.run([true, false], failing)).rejects.toThrow("EIO");
  });
});
