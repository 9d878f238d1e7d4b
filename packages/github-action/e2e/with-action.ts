import { cpSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSandbox, type SandboxOptions } from "@renderjuice/sandbox";
import { expect, vi } from "vitest";
import { type ActionOptions, type ActionRun, runAction } from "../../../hosts/github-runner/run-action.ts";
import type { StepResult } from "../../../hosts/github-runner/step-result.ts";
import { newFolder } from "../../../hosts/github-runner/tracked-processes.ts";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
/** How workflows refer to the action. */
export const ACTION_PATH = "packages/github-action";
/** Part of the repository: frames 1 to 10, 640 x 360. */
export const DEMO_SCENE = join(PACKAGE, "../../examples/scenes/orange-juice.blend");
/** Slow enough for every test to interrupt in time. */
export const SLOW = { simulatedStepMs: 300 } as const;

/** What a workflow gets with `uses:`: the manifest and the bundle, without any node_modules. */
export function copyAction(): string {
  const folder = newFolder("action");
  cpSync(join(PACKAGE, "action.yml"), join(folder, "action.yml"));
  cpSync(join(PACKAGE, "dist"), join(folder, "dist"), { recursive: true });
  return folder;
}

/** A sandbox, and a checkout with these scenes in which the action runs. */
export async function startFarm(options: SandboxOptions = {}, scenes: readonly string[] = ["shot.blend"]) {
  const sandbox = await createSandbox({ renderer: "simulated", ...options });
  const workspace = newFolder("workspace");
  for (const scene of scenes) cpSync(DEMO_SCENE, join(workspace, scene));
  const [key = ""] = sandbox.apiKeys;
  const actionFolder = copyAction();
  const start = (inputs: Record<string, string> = {}, runOptions: Partial<ActionOptions> = {}): ActionRun =>
    runAction({
      actionFolder,
      workspace,
      with: { "api-key": key, "api-url": sandbox.url, file: "shot.blend", frames: "1-3", ...inputs },
      ...runOptions,
    });
  return {
    sandbox,
    workspace,
    key,
    start,
    run: (inputs?: Record<string, string>, runOptions?: Partial<ActionOptions>): Promise<StepResult> =>
      start(inputs, runOptions).outcome,
    path: (...names: string[]) => join(workspace, ...names),
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      await rm(workspace, { recursive: true, force: true });
    },
  };
}

type Farm = Awaited<ReturnType<typeof startFarm>>;

/** Waits until the farm has this many renders. */
export async function rendersAre(
  { sandbox }: Farm,
  expected: Partial<Pick<Farm["sandbox"]["statistics"], "rendersStarted" | "rendersRunning">>,
): Promise<void> {
  await vi.waitFor(() => expect(sandbox.statistics).toMatchObject(expected), {
    timeout: 20_000,
    interval: 20,
  });
}

/** Waits until the "start render" request has been sent, whether or not the render has started. */
export async function startIsSent({ sandbox }: Farm): Promise<void> {
  await vi.waitFor(() => expect(sandbox.statistics.requests.startRender).toBe(1), {
    timeout: 20_000,
    interval: 20,
  });
}

/** Everything that others may see of a step, including what the runner would hide. */
export function everythingSaid(result: StepResult): string {
  const { rawLog, outputs, state, summaryRaw, annotations, env } = result;
  const lines = rawLog.map(({ line }) => line).filter((line) => !line.startsWith("::add-mask::"));
  return [...lines, JSON.stringify({ outputs, state, annotations, env }), summaryRaw].join("\n");
}
