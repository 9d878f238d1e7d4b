import { readFile, stat } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { ConfigError } from "../../errors/index.ts";
import { decodeText } from "../source/decode-text.ts";

/** What a file with a secret is for, for the messages. */
export interface SecretFile {
  /** The option that names it. */
  readonly option: string;
  /** Such as `API key`. */
  readonly holds: string;
}

/**
 * Reads a secret, as it stands in the file, from a path or from standard input (`"-"`). A secret never belongs in an
 * argument: others can see those.
 *
 * @throws ConfigError when the file cannot be read, or can be read by others.
 */
export async function readSecretFile(path: string, file: SecretFile): Promise<string> {
  if (path === "-") return decodeText(await buffer(process.stdin));
  await checkPermissions(path, file);
  const content = await readFile(path).catch((cause) => {
    throw new ConfigError({
      code: "invalid_option",
      option: file.option,
      message: `The file ${path} with the ${file.holds} cannot be read (${cause.code}).`,
      cause,
    });
  });
  return decodeText(content);
}

/** Others on the machine must not be able to read it. Windows keeps a user's folders private by itself. */
export async function checkPermissions(path: string, { option, holds }: SecretFile): Promise<void> {
  if (process.platform === "win32") return;
  const stats = await stat(path).catch(() => undefined);
  // Process substitution and /dev/stdin are no files: nobody else can open them.
  if (!stats?.isFile() || (stats.mode & 0o077) === 0) return;
  throw new ConfigError({
    code: "invalid_option",
    option,
    message: `${path} holds the ${holds}, but other users can read it.`,
    hint: `Run: chmod 600 ${path}`,
  });
}
