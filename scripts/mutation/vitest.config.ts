import { defineConfig } from "vitest/config";
import { shared } from "../../vitest.config.ts";

/** The tests of core that need nothing but this process; those with Blender are too slow to be run once per mutant. */
export default defineConfig({
  ...shared,
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["packages/core/{src,test}/**/*.test.ts"],
    testTimeout: 30_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
