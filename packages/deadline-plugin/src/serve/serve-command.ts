import { type Command, InvalidArgumentError } from "@commander-js/extra-typings";
import { ConfigError, describeError } from "@renderjuice/core";
import { count } from "@renderjuice/core/adapter";
import { readWebhookSecrets } from "@renderjuice/core/adapter/node";
import { connect } from "../connect.ts";
import { EXIT, exitCodeOf } from "../exit-codes.ts";
import {
  passwordFileOption,
  readWebServiceOptions,
  timeoutOption,
  urlOption,
  userOption,
} from "../web-service/web-service-options.ts";
import { readRules } from "./read-rules.ts";
import type { Rule } from "./rule.ts";
import { serve } from "./serve.ts";
import { createServeLog } from "./serve-log.ts";

const DEFAULT_PORT = 8090;
const MIN_POLL_S = 5;

const HELP = `
Rules, in YAML or JSON:
  rules:
    - when: { event: onRenderComplete, tag: "release-*" }
      do: release
      deadlineJobs: ["{match}"]

The webhook secret comes from RENDERJUICE_WEBHOOK_SECRET or --webhook-secret-file. Renderjuice does not send webhooks
for failed renders yet; --poll finds them.

Example:
  renderjuice-deadline serve --rules rules.yaml --webhook-secret-file secret.txt --url http://deadline:8082`;

/** Adds `serve`. */
export function addServeCommand(program: Command): void {
  program
    .command("serve")
    .description("act on Deadline jobs when a render on Renderjuice finishes")
    .requiredOption("--rules <file>", "which events do what; see below")
    .option("--check", "only check the rules")
    .option(
      "--webhook-secret-file <file>",
      "file with the webhook secret; while you change it, with the old and the new one, one per line",
    )
    .option(
      "--host <address>",
      "address to listen on; anything but loopback is reachable from other machines",
      "127.0.0.1",
    )
    .option("--port <number>", "port to listen on", parsePort, DEFAULT_PORT)
    .option("--poll <seconds>", "also poll Renderjuice for finished renders, this often", parsePoll)
    .option(
      "--state <folder>",
      "folder for events that are not done; default: rules.state, next to rules.yaml",
    )
    .addOption(urlOption())
    .addOption(userOption())
    .addOption(passwordFileOption())
    .addOption(timeoutOption())
    .option("--json", "one JSON object per line on stdout")
    .addHelpText("after", HELP)
    .action(async (options) => {
      try {
        const rules = await readRules(options.rules);
        if (options.check) return showCheck(options.rules, rules, options.poll);
        const secrets = readWebhookSecrets(options.webhookSecretFile);
        if (secrets.length === 0 && options.poll === undefined) throw noSource();
        const log = createServeLog(options.json === true);
        const warning = findWarning(rules, options.poll);
        if (warning) log("warning", warning);
        await serve({
          rules,
          webService: await readWebServiceOptions(options),
          webhooks: { secrets, host: options.host, port: options.port },
          pollMs: options.poll && options.poll * 1000,
          stateFolder: options.state ?? `${options.rules.replace(/\.\w+$/, "")}.state`,
          connect: () => connect((line) => log("paused", line)),
          log,
          signal: stopSignal(),
        });
      } catch (error) {
        process.stderr.write(`✖ ${describeError(error).text}\n`);
        process.exitCode = exitCodeOf(error);
      }
    });
}

function showCheck(path: string, rules: readonly Rule[], poll: number | undefined): void {
  process.stdout.write(`${path}: ${count(rules.length, "rule")}, all valid.\n`);
  const warning = findWarning(rules, poll);
  if (warning) process.stdout.write(`${warning}\n`);
}

function findWarning(rules: readonly Rule[], poll: number | undefined): string | undefined {
  if (poll !== undefined || !rules.some(({ when }) => when.event === "onRenderFail")) return undefined;
  return "Some rules wait for onRenderFail, which Renderjuice does not send yet. Add --poll 60 to find failures by polling.";
}

/** SIGTERM and Ctrl-C stop it gracefully; a second one, immediately. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const)
    process.on(name, () => (stop.signal.aborted ? process.exit(EXIT.temporary) : stop.abort()));
  return stop.signal;
}

function noSource(): ConfigError {
  return new ConfigError({
    code: "invalid_option",
    option: "webhook-secret-file",
    message: "There is neither a webhook secret nor --poll, so no event would ever arrive.",
    hint: "Give --webhook-secret-file with the secret from the dashboard (Profile & Settings, Webhooks), or --poll 60.",
  });
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new InvalidArgumentError("Write a port number.");
}

function parsePoll(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= MIN_POLL_S) return seconds;
  throw new InvalidArgumentError(`Write a number of seconds from ${MIN_POLL_S} up.`);
}
