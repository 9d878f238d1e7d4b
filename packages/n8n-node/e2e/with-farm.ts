import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSandbox, type SandboxOptions } from "@renderjuice/sandbox";
import type { N8nOptions } from "../../../hosts/n8n/start-n8n.ts";
import { chain, type Parameters, readFileNode, webhookNode } from "../../../hosts/n8n/workflows.ts";
import { renderjuiceNode, startRenderjuiceN8n } from "./renderjuice.ts";

/** Ships with the repository: 8 frames of 480 x 270. */
const DEMO_SCENE = fileURLToPath(new URL("../../../examples/scenes/orange-juice.blend", import.meta.url));
const SMALL_SCENE = { frameEnd: 4, resolution: [64, 36] } as const;

export const WEBHOOK_SECRET = "a secret of the tests";

/** The job from the output of the previous node. */
export const THIS_JOB = { jobId: { __rl: true, mode: "id", value: "={{ $json.jobId }}" } };

/** A sandbox, and an n8n with a credential for it. */
export async function startFarm(
  sandboxOptions: SandboxOptions = {},
  n8nOptions: N8nOptions & { readonly apiKey?: string; readonly baseUrl?: string } = {},
) {
  const sandbox = await createSandbox({
    renderer: "simulated",
    simulatedScene: SMALL_SCENE,
    ...sandboxOptions,
  });
  const { apiKey = sandbox.apiKeys[0] ?? "", baseUrl = sandbox.url, ...others } = n8nOptions;
  const n8n = await startRenderjuiceN8n({ apiKey, baseUrl, webhookSecret: WEBHOOK_SECRET }, others);
  const scene = join(n8n.filesFolder, "shot.blend");
  await copyFile(DEMO_SCENE, scene);
  return {
    sandbox,
    n8n,
    scene,
    /** A node that reads copies of the scene, one item each. */
    async readCopies(count: number) {
      const folder = join(n8n.filesFolder, `copies-${count}`);
      await mkdir(folder, { recursive: true });
      for (let copy = 1; copy <= count; copy++) await copyFile(scene, join(folder, `shot-${copy}.blend`));
      return readFileNode(join(folder, "*.blend"));
    },
    /** What the node "Trigger" returned in all executions of a workflow. */
    async reported(workflowId: string) {
      const runs = await n8n.executions(workflowId);
      const executions = await Promise.all(runs.map(({ id }) => n8n.execution(id)));
      return executions.flatMap(({ nodes }) => nodes.Trigger?.items.map(({ json }) => json) ?? []);
    },
    /** Reads the scene, then runs the operations one after the other as "Step 1", "Step 2", …. */
    async run(...steps: readonly Parameters[]) {
      const nodes = steps.map((parameters, index) => renderjuiceNode(`Step ${index + 1}`, parameters));
      const execution = await n8n.run(chain([webhookNode(), readFileNode(scene), ...nodes]));
      const results = steps.map((_, index) => execution.nodes[`Step ${index + 1}`]);
      return {
        ...execution,
        results,
        json: results.map((result) => result?.items.map(({ json }) => json) ?? []),
      };
    },
    async [Symbol.asyncDispose]() {
      await n8n[Symbol.asyncDispose]();
      await sandbox.close();
    },
  };
}

export type Farm = Awaited<ReturnType<typeof startFarm>>;
