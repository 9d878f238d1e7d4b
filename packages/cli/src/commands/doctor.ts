import { Command } from "@commander-js/extra-typings";
import { RenderjuiceError } from "@renderjuice/core";
import { loadCredentials } from "@renderjuice/core/node";
import { type CommandContext, type GlobalOptions, runCommand } from "../command-context.ts";
import { EXIT } from "../exit-codes.ts";

interface Finding {
  readonly check: string;
  readonly state: "ok" | "warning" | "failed";
  readonly detail: string;
  readonly fix?: string | undefined;
}

export function createDoctorCommand() {
  return new Command("doctor")
    .description("check key, network and Blender, and say what to fix")
    .action(async (_options, command) => {
      process.exitCode = await runCommand(command, async (context) => {
        const findings = [
          checkNode(),
          checkProxy(),
          await checkKey(context.globals),
          await checkApi(context),
          ...(await checkBlender()),
        ];
        const isHealthy = findings.every(({ state }) => state !== "failed");
        context.output.result(findings.map(describe).join("\n"), { isHealthy, findings });
        return isHealthy ? EXIT.ok : EXIT.refused;
      });
    });
}

function describe({ check, state, detail, fix }: Finding): string {
  const mark = { ok: "✔", warning: "!", failed: "✖" }[state];
  return `${mark} ${check.padEnd(8)} ${detail}${fix ? `\n           ${fix}` : ""}`;
}

function checkNode(): Finding {
  return { check: "node", state: "ok", detail: process.versions.node };
}

function checkProxy(): Finding {
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS"];
  const set = names.filter((name) => process.env[name] ?? process.env[name.toLowerCase()]);
  return { check: "proxy", state: "ok", detail: set.length > 0 ? `in use: ${set.join(", ")}` : "none" };
}

async function checkKey(globals: GlobalOptions): Promise<Finding> {
  try {
    const { apiKeySource, baseUrl } = await loadCredentials({
      ...(globals.apiKeyFile && { apiKeyFile: globals.apiKeyFile }),
      ...(globals.apiUrl && { baseUrl: globals.apiUrl }),
    });
    return { check: "key", state: "ok", detail: `from ${apiKeySource}, for ${baseUrl}` };
  } catch (error) {
    return failed("key", error);
  }
}

async function checkApi({ connect }: CommandContext): Promise<Finding> {
  try {
    const client = await connect();
    const startedMs = Date.now();
    const { pagination } = await client.jobs.list({ pageSize: 1 }, { retry: { maxAttempts: 1 } });
    const total = pagination?.total ?? undefined;
    const jobs = total === undefined ? "" : `, ${total} jobs in the workspace`;
    return {
      check: "api",
      state: "ok",
      detail: `answers in ${Date.now() - startedMs} ms and knows the key${jobs}`,
    };
  } catch (error) {
    return failed("api", error);
  }
}

/** Needed for the sandbox only: the farm has its own. */
async function checkBlender(): Promise<Finding[]> {
  const { findBlender } = await import("@renderjuice/sandbox");
  try {
    const { executable, version } = await findBlender();
    const detail = `${version.join(".")} at ${executable}, for the sandbox`;
    return [{ check: "blender", state: "ok", detail }, await checkIsolation(executable)];
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const fix = "The sandbox would draw simulated frames. The farm does not need it.";
    return [{ check: "blender", state: "warning", detail, fix }];
  }
}

/** What keeps the scenes that the sandbox renders from the rest of this machine. */
async function checkIsolation(executable: string): Promise<Finding> {
  const { describeIsolation } = await import("@renderjuice/sandbox");
  const { kind, description } = await describeIsolation(executable);
  return { check: "sandbox", state: kind === "bubblewrap" ? "ok" : "warning", detail: description };
}

function failed(check: string, error: unknown): Finding {
  if (!RenderjuiceError.isInstance(error)) throw error;
  return { check, state: "failed", detail: error.message, fix: error.hint };
}
