import { Command } from "@commander-js/extra-typings";
import { RenderjuiceError } from "@renderjuice/core";
import { count, type ErrorDescription } from "@renderjuice/core/adapter";
import { loadCredentials } from "@renderjuice/core/adapter/node";
import { type CommandContext, type GlobalOptions, runCommand } from "../command-context.ts";
import { describeError } from "../describe-error.ts";
import { EXIT } from "../exit-codes.ts";

interface Finding {
  readonly check: string;
  readonly state: "ok" | "warning" | "failed" | "skipped";
  readonly detail: string;
  readonly fix?: string | undefined;
  /** The error code, if the check failed. */
  readonly code?: ErrorDescription["code"] | undefined;
}

export function createDoctorCommand() {
  return new Command("doctor")
    .description("check the API key, the network and Blender, and say what to fix")
    .action(async (_options, command) => {
      process.exitCode = await runCommand(command, async (context) => {
        const key = checkKey(context.globals);
        const findings = [
          checkNode(),
          ...checkNetwork(),
          key,
          key.state === "ok" ? await checkApi(context, key) : apiNotChecked(),
          ...(await checkBlender()),
        ];
        const failure = findings.find(({ state }) => state === "failed");
        const isHealthy = failure === undefined;
        context.output.result(findings.map(describe).join("\n"), { isHealthy, findings });
        if (isHealthy) return EXIT.ok;
        return failure === key ||
          failure.code === "authentication_failed" ||
          failure.code === "permission_denied"
          ? EXIT.authentication
          : EXIT.refused;
      });
    });
}

function describe({ check, state, detail, fix }: Finding): string {
  const mark = { ok: "✔", warning: "!", failed: "✖", skipped: "-" }[state];
  return `${mark} ${check.padEnd(8)} ${detail}${fix ? `\n           ${fix}` : ""}`;
}

function checkNode(): Finding {
  return { check: "node", state: "ok", detail: process.versions.node };
}

const PROXY_NAMES = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"];

function checkNetwork(): Finding[] {
  const set = PROXY_NAMES.filter((name) => process.env[name] ?? process.env[name.toLowerCase()]);
  const proxy = set.length > 0 ? `in use: ${set.join(", ")}` : "none";
  const certificates = process.env.NODE_EXTRA_CA_CERTS;
  return [
    { check: "proxy", state: "ok", detail: proxy },
    ...(certificates
      ? [{ check: "ca", state: "ok", detail: `also trusts the certificates in ${certificates}` } as const]
      : []),
  ];
}

function checkKey(globals: GlobalOptions): Finding {
  try {
    const { apiKeySource, baseUrl } = loadCredentials({
      apiKeyFile: globals.apiKeyFile,
      baseUrl: globals.apiUrl,
    });
    return { check: "key", state: "ok", detail: `from ${apiKeySource}, for ${baseUrl}` };
  } catch (error) {
    return failed("key", error);
  }
}

function apiNotChecked(): Finding {
  return { check: "api", state: "skipped", detail: "not checked, since there is no key" };
}

async function checkApi({ connect }: CommandContext, key: Finding): Promise<Finding> {
  try {
    const client = connect();
    const startedMs = Date.now();
    const { pagination } = await client.jobs.list({ pageSize: 1 }, { retry: { maxAttempts: 1 } });
    const total = pagination?.total ?? undefined;
    const jobs = total === undefined ? "" : `, ${count(total, "job")} in the workspace`;
    return {
      check: "api",
      state: "ok",
      detail: `responds in ${Date.now() - startedMs} ms and accepts the key${jobs}`,
    };
  } catch (error) {
    const finding = failed("api", error);
    if (finding.code !== "authentication_failed") return finding;
    const fix = `The key comes ${key.detail}. It may be mistyped, revoked, or for a different server.`;
    return { ...finding, fix };
  }
}

/** Only the sandbox needs Blender here. */
async function checkBlender(): Promise<Finding[]> {
  const { findBlender } = await import("@renderjuice/sandbox");
  try {
    const { executable, version } = await findBlender();
    const detail = `${version.join(".")} at ${executable}, for the sandbox`;
    return [{ check: "blender", state: "ok", detail }, await checkIsolation(executable)];
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const fix = "Only the sandbox needs it. Without it, the sandbox draws simulated frames.";
    return [{ check: "blender", state: "warning", detail, fix }];
  }
}

/** How scenes in the sandbox are isolated from the rest of this machine. */
async function checkIsolation(executable: string): Promise<Finding> {
  const { describeIsolation } = await import("@renderjuice/sandbox");
  const { kind, description } = await describeIsolation(executable);
  return { check: "sandbox", state: kind === "bubblewrap" ? "ok" : "warning", detail: description };
}

function failed(check: string, error: unknown): Finding {
  if (!RenderjuiceError.isInstance(error)) throw error;
  const { code, message, hint } = describeError(error);
  return { check, state: "failed", detail: message, fix: hint, code };
}
