import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { unpackPackage } from "../../../hosts/n8n/data.ts";
import { describeN8n } from "../../../hosts/n8n/describe-n8n.ts";
import { PACKAGE_FOLDER } from "./renderjuice.ts";

const COMPLIANCE = fileURLToPath(new URL("../../../hosts/n8n/installation/compliance.mjs", import.meta.url));

interface Report {
  readonly lint: { readonly files: number; readonly findings: readonly string[] };
  readonly source: { readonly files: number; readonly passed: boolean };
  readonly tarball: { readonly files: number; readonly passed: boolean };
}

describeN8n("what n8n requires of a package that it verifies", () => {
  let tarball: string;
  let report: Report;
  beforeAll(async () => {
    tarball = await mkdtemp(join(tmpdir(), "renderjuice-n8n-compliance-"));
    await unpackPackage(PACKAGE_FOLDER, tarball);
    // If this is "test", as set by vitest, n8n's rules assume that they are testing themselves and treat every file as any kind.
    const env = { ...process.env, NODE_ENV: "production" };
    const { stdout } = await promisify(execFile)(process.execPath, [COMPLIANCE, PACKAGE_FOLDER, tarball], {
      env,
    });
    report = JSON.parse(stdout) as Report;
  });

  afterAll(() => rm(tarball, { recursive: true }));

  test("its linter finds nothing in the sources", () => {
    expect(report.lint.findings).toEqual([]);
    expect(report.lint.files).toBeGreaterThan(40);
  });

  test("its scanner passes sources and tarball", () => {
    expect(report.source).toMatchObject({ passed: true });
    expect(report.source.files).toBeGreaterThan(40);
    expect(report.tarball).toMatchObject({ passed: true });
    expect(report.tarball.files).toBe(5);
  });

  test("only what n8n provides is required at run time", async () => {
    const files = await readdir(join(tarball, "dist"), { recursive: true });
    const required = new Set<string>();
    for (const file of files.filter((name) => name.endsWith(".js"))) {
      const text = await readFile(join(tarball, "dist", file), "utf8");
      for (const [, name = ""] of text.matchAll(/\brequire\("([^"]+)"\)/g)) required.add(name);
    }
    expect([...required].toSorted()).toEqual(["n8n-workflow", "zod/v4"]);
  });

  test("the steps in the README install it", async () => {
    const readme = await readFile(join(PACKAGE_FOLDER, "README.md"), "utf8");
    const [, steps = ""] = /## Installation.*?```\n(.*?)```/s.exec(readme) ?? [];
    const home = await mkdtemp(join(tmpdir(), "renderjuice-n8n-home-"));
    try {
      const options = { cwd: join(PACKAGE_FOLDER, "../.."), env: { ...process.env, HOME: home } };
      await promisify(execFile)("bash", ["-ec", steps], options);
      const installed = join(home, ".n8n/nodes/node_modules/n8n-nodes-renderjuice/dist/nodes/Renderjuice");
      expect(await readdir(installed)).toContain("Renderjuice.node.js");
    } finally {
      await rm(home, { recursive: true });
    }
  });

  test("the package has no dependencies", async () => {
    const manifest = JSON.parse(await readFile(join(tarball, "package.json"), "utf8"));
    expect(manifest.dependencies).toBeUndefined();
    expect(manifest.peerDependencies).toEqual({ "n8n-workflow": "*" });
  });
});
