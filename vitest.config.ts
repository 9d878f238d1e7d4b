import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Tests run on the sources: no build is needed, and a stack trace points at the line that was written.
const conditions = ["@renderjuice/source"];
export const shared = {
  resolve: {
    conditions,
    alias: {
      // Core's tests talk to the sandbox, which depends on core; a devDependency would make the package graph a cycle.
      "@renderjuice/sandbox": source("packages/sandbox/src/index.ts"),
      // The build that n8n loads; the other one refers to source maps that are not there.
      "n8n-workflow": createRequire(source("packages/n8n-node/package.json")).resolve("n8n-workflow"),
    },
  },
  ssr: { resolve: { conditions } },
};

export default defineConfig({
  test: {
    // One line per file; a test that takes longer than this gets one of its own.
    slowTestThreshold: 60_000,
    projects: [
      {
        ...shared,
        test: {
          name: "unit",
          include: ["{packages/*/{src,test},docs/test,scripts,hosts}/**/*.test.ts"],
          exclude: [...configDefaults.exclude, "**/*.e2e.test.ts"],
          testTimeout: 30_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        ...shared,
        test: {
          name: "e2e",
          include: ["{packages/*/e2e,{docs,examples}/e2e,hosts}/**/*.e2e.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          expect: { poll: { timeout: 60_000 } },
        },
      },
    ],
  },
});
