import { readFileSync } from "node:fs";
import { join } from "node:path";
import envPaths from "env-paths";
import * as z from "zod/v4";
import { ConfigError } from "../errors/index.ts";
import { checkApiKey } from "../http/api-key.ts";
import { DEFAULT_BASE_URL } from "../http/caller-options.ts";
import { checkPermissions, readSecretFile, type SecretFile } from "./files/secret-file.ts";
import { decodeText } from "./source/decode-text.ts";

export interface CredentialOptions {
  readonly apiKey?: string | undefined;
  /** A file that contains the key, or `"-"` for standard input. Never pass a key as an argument: other users can see it. */
  readonly apiKeyFile?: string | undefined;
  readonly baseUrl?: string | undefined;
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** @default config.json in the user's configuration folder */
  readonly configFile?: string | undefined;
}

/** Does not reveal the key when it is printed or converted to JSON. */
export class Credentials {
  readonly #apiKey: string;
  readonly baseUrl: string;
  /** Where the key was found, for display. */
  readonly apiKeySource: string;

  constructor(options: { apiKey: string; baseUrl: string; apiKeySource: string }) {
    this.#apiKey = options.apiKey;
    this.baseUrl = options.baseUrl;
    this.apiKeySource = options.apiKeySource;
  }

  get apiKey(): string {
    return this.#apiKey;
  }
}

const KEY_FILE: SecretFile = { option: "apiKeyFile", holds: "API key" };
/** There is no such file or folder. */
const ABSENT = new Set(["ENOENT", "ENOTDIR"]);
const configSchema = z.object({ apiKey: z.string().optional(), apiUrl: z.string().optional() });

function defaultConfigFile(): string {
  return join(envPaths("renderjuice", { suffix: "" }).config, "config.json");
}

/**
 * Finds the key and the URL: the options come first, then `RENDERJUICE_API_KEY` and `RENDERJUICE_API_URL`, then the
 * configuration file.
 *
 * @throws ConfigError `missing_api_key`, `invalid_api_key`, or `invalid_option` if other users can read the file
 * @example
 * const { apiKey, baseUrl } = loadCredentials();
 */
export function loadCredentials(options: CredentialOptions = {}): Credentials {
  const env = options.env ?? process.env;
  const configFile = options.configFile ?? defaultConfigFile();
  const config = readConfig(configFile);
  const candidates: [string | undefined, string][] = [
    [options.apiKeyFile && readSecretFile(options.apiKeyFile, KEY_FILE), options.apiKeyFile ?? ""],
    [env.RENDERJUICE_API_KEY, "RENDERJUICE_API_KEY"],
    [config.apiKey, configFile],
  ];
  // A key that was passed but is empty must not be replaced with another one, perhaps another studio's.
  const [apiKey, apiKeySource] =
    options.apiKey !== undefined
      ? [options.apiKey, "option"]
      : (candidates.find(([key]) => key?.trim()) ?? []);
  if (apiKey === undefined || apiKeySource === undefined) throw keyMissing(configFile, config.unreadable);
  return new Credentials({
    apiKey: checkApiKey(apiKey, apiKeySource === "option" ? undefined : apiKeySource),
    apiKeySource,
    baseUrl: options.baseUrl || env.RENDERJUICE_API_URL || config.apiUrl || DEFAULT_BASE_URL,
  });
}

interface Config extends z.infer<typeof configSchema> {
  /** Why the file cannot be read, if it exists. The key may be somewhere else. */
  readonly unreadable?: string | undefined;
}

function readConfig(path: string): Config {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    return ABSENT.has(code) ? {} : { unreadable: code };
  }
  checkPermissions(path, KEY_FILE);
  try {
    return configSchema.parse(JSON.parse(decodeText(content)));
  } catch (cause) {
    throw new ConfigError({
      code: "invalid_option",
      option: "configFile",
      message: `${path} is not a valid configuration file.`,
      hint: 'It should look like {"apiKey": "RJ-…", "apiUrl": "https://…"}; both are optional.',
      cause,
    });
  }
}

function keyMissing(configFile: string, unreadable: string | undefined): ConfigError {
  const notRead = unreadable === undefined ? "" : ` ${configFile} exists but cannot be read (${unreadable}).`;
  return new ConfigError({
    code: "missing_api_key",
    option: "apiKey",
    message: `No Renderjuice API key was found.${notRead}`,
    hint: `Set RENDERJUICE_API_KEY, or put {"apiKey": "RJ-…"} into ${configFile} (chmod 600).`,
  });
}
