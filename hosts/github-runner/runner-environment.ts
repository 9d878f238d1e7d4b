import { mkdirSync, writeFileSync } from "node:fs";
import { arch } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Contexts } from "./expressions.ts";
import { createMasks, type Masks } from "./masks.ts";
import type { Values } from "./step-result.ts";
import { killTracked, newFolder, newTrackingId } from "./tracked-processes.ts";

export interface RunnerOptions {
  /** @default a new folder */
  readonly workspace?: string;
  /** Override members of the context `github`. */
  readonly github?: Contexts;
  /** Masked from the start, like `secrets.*`. */
  readonly secrets?: readonly string[];
  /** Folders before PATH. */
  readonly programs?: readonly string[];
  /** The environment of the machine. The workflow's `env` overrides it. */
  readonly machineEnv?: Values;
  /** Sets RUNNER_DEBUG and shows debug lines in the log. */
  readonly debug?: boolean;
  /** Whether the file for the job summary exists. On some other runners, it does not. */
  readonly hasSummaryFile?: boolean;
}

/** The machine of one job. */
export interface Runner {
  readonly workspace: string;
  readonly temp: string;
  readonly isDebug: boolean;
  readonly hasSummaryFile: boolean;
  readonly github: Contexts;
  /** The context `runner`. */
  readonly runner: Contexts;
  readonly masks: Masks;
  readonly trackingId: string;
  /** What steps have added to PATH, latest first. */
  readonly paths: string[];
  /** The environment of a process of a step, except for inputs, state and command files. */
  environment(stepId: string, env?: Values): Values;
  /** Kills what the job left running. */
  close(): void;
}

export function createRunner(options: RunnerOptions): Runner {
  const folder = newFolder("runner");
  const temp = join(folder, "_temp");
  const home = join(folder, "home");
  const workspace = options.workspace ?? join(folder, "workspace");
  const tools = join(folder, "tools");
  for (const one of [temp, home, workspace, tools]) mkdirSync(one, { recursive: true });

  const eventPath = join(temp, "event.json");
  const github = githubContext({ ...options.github, workspace, event_path: eventPath });
  writeFileSync(eventPath, JSON.stringify(github.event));
  const isDebug = options.debug ?? false;
  const runner = {
    name: "GitHub Actions 1",
    os: "Linux",
    arch: arch().toUpperCase(),
    environment: "github-hosted",
    temp,
    tool_cache: tools,
    ...(isDebug && { debug: "1" }),
  };
  const trackingId = newTrackingId();
  const paths: string[] = [];
  // The Node of the tests comes first, in place of what actions/setup-node installs.
  const basePath = [...(options.programs ?? []), dirname(process.execPath), process.env.PATH].join(delimiter);

  return {
    workspace,
    temp,
    isDebug,
    hasSummaryFile: options.hasSummaryFile ?? true,
    github,
    runner,
    masks: createMasks(options.secrets),
    trackingId,
    paths,
    environment: (stepId, env = {}) => ({
      CI: "true",
      HOME: home,
      ...options.machineEnv,
      ...env,
      PATH: [...paths, env.PATH ?? basePath].join(delimiter),
      GITHUB_ACTIONS: "true",
      GITHUB_ACTION: stepId,
      ...variablesOf("GITHUB_", github),
      ...variablesOf("RUNNER_", runner),
    }),
    close: () => killTracked(trackingId),
  };
}

/** The defaults, overridden by what is given. */
export function githubContext(given: Contexts): Contexts {
  const { repository = "studio/film", ref = "refs/heads/main" } = given;
  return {
    repository,
    repository_owner: String(repository).replace(/\/.*/, ""),
    repository_id: "123456789",
    ref,
    ref_name: String(ref).replace(/^refs\/[^/]+\//, ""),
    ref_type: String(ref).startsWith("refs/tags/") ? "tag" : "branch",
    sha: "9c1f6a0b2d3e4f5061728394a5b6c7d8e9f00112",
    run_id: "1000000001",
    run_number: "1",
    run_attempt: "1",
    job: "render",
    workflow: "Render",
    workflow_ref: `${repository}/.github/workflows/render.yml@${ref}`,
    event_name: "push",
    event: {},
    actor: "octocat",
    server_url: "https://github.com",
    api_url: "https://api.github.com",
    ...given,
  };
}

/** All texts of a context except for the token, which steps only see if the workflow passes it to them. */
function variablesOf(prefix: string, context: Contexts): Values {
  const members = Object.entries(context).filter(
    ([name, value]) => name !== "token" && typeof value === "string",
  );
  return Object.fromEntries(members.map(([name, value]) => [prefix + name.toUpperCase(), String(value)]));
}
