import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Tests run on the sources: no build is needed, and a stack trace points at the line that was written.
const conditions = ["@renderjuice/source"];
const shared = {
  resolve: {
    conditions,
    // Core's tests talk to the sandbox, which depends on core; a devDependency would make the package graph a cycle.
    alias: { "@renderjuice/sandbox": source("packages/sandbox/src/index.ts") },
  },
  ssr: { resolve: { conditions } },
};

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          include: ["{packages/*/{src,test},scripts}/**/*.test.ts"],
          testTimeout: 30_000,
        },
      },
      {
        ...shared,
        test: {
          name: "e2e",
          include: ["packages/*/e2e/**/*.e2e.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
