import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import envPaths from "env-paths";
import { z } from "zod/v4";
import { DEFAULT_BASE_URL } from "../client-options.ts";
import { ConfigError } from "../errors/index.ts";

export interface CredentialOptions {
  readonly apiKey?: string;
  /** A file that holds the key, or `"-"` for standard input. A key never belongs in an argument: others can see those. */
  readonly apiKeyFile?: string;
  readonly baseUrl?: string;
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** @default config.json in the user's configuration folder */
  readonly configFile?: string;
}

export interface Credentials {
  readonly apiKey: string;
  readonly baseUrl: string;
  /** Where the key was found, for people. */
  readonly apiKeySource: string;
}

const configSchema = z.object({ apiKey: z.string().optional(), apiUrl: z.string().optional() });

export function defaultConfigFile(): string {
  return join(envPaths("renderjuice", { suffix: "" }).config, "config.json");
}

/**
 * Finds key and URL: option, then `RENDERJUICE_API_KEY` and `RENDERJUICE_API_URL`, then the configuration file.
 *
 * @throws ConfigError when there is no key, or the file that holds it can be read by others.
 */
export async function loadCredentials(options: CredentialOptions = {}): Promise<Credentials> {
  const env = options.env ?? process.env;
  const configFile = options.configFile ?? defaultConfigFile();
  const config = await readConfig(configFile);
  const candidates: [string | undefined, string][] = [
    [options.apiKey, "option"],
    [options.apiKeyFile && (await readApiKeyFile(options.apiKeyFile)), options.apiKeyFile ?? ""],
    [env.RENDERJUICE_API_KEY, "RENDERJUICE_API_KEY"],
    [config.apiKey, configFile],
  ];
  const [apiKey, apiKeySource] = candidates.find(([key]) => key?.trim()) ?? [];
  if (!apiKey || apiKeySource === undefined) throw keyMissing(configFile);
  return {
    apiKey: apiKey.trim(),
    apiKeySource,
    baseUrl: options.baseUrl ?? (env.RENDERJUICE_API_URL || config.apiUrl) ?? DEFAULT_BASE_URL,
  };
}

async function readApiKeyFile(path: string): Promise<string> {
  if (path === "-") return text(process.stdin);
  await checkPermissions(path);
  return readFile(path, "utf8").catch((cause) => {
    throw new ConfigError({
      code: "invalid_option",
      option: "apiKeyFile",
      message: `The key file ${path} cannot be read (${cause.code}).`,
      cause,
    });
  });
}

async function readConfig(path: string): Promise<z.infer<typeof configSchema>> {
  const content = await readFile(path, "utf8").catch(() => undefined);
  if (content === undefined) return {};
  await checkPermissions(path);
  try {
    return configSchema.parse(JSON.parse(content));
  } catch (cause) {
    throw new ConfigError({
      code: "invalid_option",
      option: "configFile",
      message: `${path} is not a valid configuration file.`,
      hint: 'It should read {"apiKey": "RJ-…", "apiUrl": "https://…"}; both are optional.',
      cause,
    });
  }
}

/** Others on the machine must not be able to read the key. Windows keeps a user's folders private by itself. */
async function checkPermissions(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const stats = await stat(path).catch(() => undefined);
  // Process substitution and /dev/stdin are no files: nobody else can open them.
  if (!stats?.isFile() || (stats.mode & 0o077) === 0) return;
  throw new ConfigError({
    code: "invalid_option",
    option: "apiKeyFile",
    message: `${path} holds an API key but other users can read it.`,
    hint: `Run: chmod 600 ${path}`,
  });
}

function keyMissing(configFile: string): ConfigError {
  return new ConfigError({
    code: "missing_api_key",
    option: "apiKey",
    message: "No Renderjuice API key was found.",
    hint:
      `Set RENDERJUICE_API_KEY, or put {"apiKey": "RJ-…"} into ${configFile} (chmod 600). ` +
      "No account yet? `renderjuice sandbox` gives you a key for a server on this machine.",
  });
}
