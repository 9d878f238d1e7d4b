import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { ConfigError } from "@renderjuice/core";
import { readSecretFile } from "@renderjuice/core/adapter/node";
import type { WebServiceOptions } from "./web-service.ts";

const DEFAULT_TIMEOUT_S = 30;

/** Options that commands share, created for each. */
export const urlOption = () =>
  new Option(
    "--url <url>",
    "address of Deadline's Web Service, such as http://deadline:8082; default: DEADLINE_WEB_SERVICE_URL",
  );

export const userOption = () =>
  new Option("--user <name>", "user of the Web Service; default: DEADLINE_WEB_SERVICE_USER");

export const passwordFileOption = () =>
  new Option(
    "--password-file <file>",
    'file with the password, or "-" for standard input; default: DEADLINE_WEB_SERVICE_PASSWORD or …_PASSWORD_FILE',
  );

export const timeoutOption = () =>
  new Option("--timeout <seconds>", "how long a request to the Web Service may take")
    .argParser(parseSeconds)
    .default(DEFAULT_TIMEOUT_S);

interface Given {
  readonly url?: string | undefined;
  readonly user?: string | undefined;
  readonly passwordFile?: string | undefined;
  readonly timeout: number;
}

/**
 * Options first, then the environment. A password is never an argument, since others can see those.
 *
 * @throws ConfigError if there is no URL, a user without a password, or a password file that others can read
 */
export async function readWebServiceOptions(
  given: Given,
  env: NodeJS.ProcessEnv = process.env,
): Promise<WebServiceOptions> {
  const url = given.url || env.DEADLINE_WEB_SERVICE_URL;
  if (!url)
    throw invalid(
      "url",
      "The address of Deadline's Web Service is missing.",
      "Give --url http://deadline:8082.",
    );
  const user = given.user || env.DEADLINE_WEB_SERVICE_USER;
  const password = await readPassword(given.passwordFile, env);
  if (user && password === undefined)
    throw invalid(
      "password",
      `The password of ${user} is missing.`,
      "Put it into a file that only you can read, and give its path with --password-file.",
    );
  if (!user && password !== undefined)
    throw invalid("user", "There is a password, but no user.", "Give the user with --user.");
  return {
    url,
    timeoutMs: given.timeout * 1000,
    user: user || undefined,
    password,
  };
}

async function readPassword(
  passwordFile: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const { DEADLINE_WEB_SERVICE_PASSWORD: password, DEADLINE_WEB_SERVICE_PASSWORD_FILE: fileOfEnv } = env;
  if (!passwordFile && password) return password;
  const path = passwordFile || fileOfEnv;
  if (!path) return undefined;
  const content = await readSecretFile(path, { option: "password-file", holds: "password" });
  // Editors end a file with a line break, which is not part of the password; spaces may be.
  return content.replace(/\r?\n$/, "");
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new InvalidArgumentError("Write a number of seconds, such as 30.");
}

function invalid(option: string, message: string, hint: string): ConfigError {
  return new ConfigError({ code: "invalid_option", option, message, hint });
}
