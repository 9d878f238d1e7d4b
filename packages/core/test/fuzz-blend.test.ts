import { expect, test } from "vitest";
import { fuzzBlend } from "./fuzz/fuzz-blend.ts";

test("however a .blend is damaged, it is read or refused with a typed error", async () => {
  const { facts, errors } = await fuzzBlend({ runs: 500, seed: 17 });
  // Neither is the damage so slight that everything can be read, nor so heavy that nothing can.
  expect(facts).toBeGreaterThan(50);
  expect(errors.blend_damaged).toBeGreaterThan(100);
});
