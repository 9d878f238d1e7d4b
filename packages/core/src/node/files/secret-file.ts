import { readFileSync, statSync } from "node:fs";
import { ConfigError } from "../../errors/index.ts";
import { decodeText } from "../source/decode-text.ts";

/** What a file with a secret is for, for the messages. */
export interface SecretFile {
  /** The option that names it. */
  readonly option: string;
  /** Such as `API key`. */
  readonly holds: string;
}

const STANDARD_INPUT = 0;

/**
 * Reads a secret, as it stands in the file, from a path or from standard input (`"-"`). A secret never belongs in an
 * argument: others can see those.
 *
 * @throws ConfigError when the file cannot be read, or can be read by others.
 */
export function readSecretFile(path: string, file: SecretFile): string {
  if (path !== "-") checkPermissions(path, file);
  try {
    return decodeText(readFileSync(path === "-" ? STANDARD_INPUT : path));
  } catch (cause) {
    throw new ConfigError({
      code: "invalid_option",
      option: file.option,
      message: `The file ${path} with the ${file.holds} cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      cause,
    });
  }
}

/** Others on the machine must not be able to read it. Windows keeps a user's folders private by itself. */
export function checkPermissions(path: string, { option, holds }: SecretFile): void {
  if (process.platform === "win32") return;
  const stats = statSync(path, { throwIfNoEntry: false });
  // Process substitution and /dev/stdin are no files: nobody else can open them.
  if (!stats?.isFile() || (stats.mode & 0o077) === 0) return;
  throw new ConfigError({
    code: "invalid_option",
    option,
    message: `${path} holds the ${holds}, but other users can read it.`,
    hint: `Run: chmod 600 ${path}`,
  });
}
