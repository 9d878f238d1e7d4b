import { readFileSync, statSync } from "node:fs";
import { ConfigError } from "../../errors/index.ts";
import { decodeText } from "../source/decode-text.ts";

/** Describes a secret file, for error messages. */
export interface SecretFile {
  /** The option that holds its path. */
  readonly option: string;
  /** Such as `API key`. */
  readonly holds: string;
}

const STANDARD_INPUT = 0;

/**
 * Reads a secret from a file or from standard input (`"-"`), unchanged. Never pass a secret as an argument: other users can
 * see it.
 *
 * @throws ConfigError if the file cannot be read, or if other users can read it
 * @example
 * const secret = readSecretFile("secret.txt", { option: "--webhook-secret-file", holds: "webhook secret" }).trim();
 */
export function readSecretFile(path: string, file: SecretFile): string {
  if (path !== "-") checkPermissions(path, file);
  try {
    return decodeText(readFileSync(path === "-" ? STANDARD_INPUT : path));
  } catch (cause) {
    throw new ConfigError({
      code: "invalid_option",
      option: file.option,
      message: `The ${file.holds} file ${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      cause,
    });
  }
}

/** Other users must not be able to read it. Windows keeps a user's folders private by default. */
export function checkPermissions(path: string, { option, holds }: SecretFile): void {
  if (process.platform === "win32") return;
  const stats = statSync(path, { throwIfNoEntry: false });
  // Process substitution and /dev/stdin are not files, and nobody else can open them.
  if (!stats?.isFile() || (stats.mode & 0o077) === 0) return;
  throw new ConfigError({
    code: "invalid_option",
    option,
    message: `${path} contains the ${holds}, but other users can read it.`,
    hint: `Run: chmod 600 ${path}`,
  });
}
