import { readdir, readFile } from "node:fs/promises";
import { homedir, hostname } from "node:os";
import { join } from "node:path";
import { ConfigError } from "@renderjuice/core";
import { tryParseJson } from "@renderjuice/core/adapter";
import * as z from "zod/v4";
import { isAlive } from "./describe-silence.ts";

const sessionSchema = z.object({
  version: z.literal(1),
  /** The machine's name, in lower case, since several machines may share the folder. */
  host: z.string(),
  pid: z.int().positive(),
  port: z.int().min(1).max(65_535),
  token: z.string().regex(/^[0-9a-f]{64}$/),
  mayaVersion: z.string(),
});

/** A Maya that is running and listening on this machine. */
export type MayaSession = z.infer<typeof sessionSchema>;

/** The user's Maya folder, as Maya finds it. */
export function mayaFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.MAYA_APP_DIR) return env.MAYA_APP_DIR;
  if (process.platform === "darwin") return join(homedir(), "Library/Preferences/Autodesk/maya");
  return process.platform === "win32" ? join(homedir(), "Documents", "maya") : join(homedir(), "maya");
}

export const jobsFolder = () => join(mayaFolder(), "renderjuice", "jobs");
export const sessionsFolder = () => join(mayaFolder(), "renderjuice", "sessions");

/** @returns undefined if the file does not exist, is not one of ours, or belongs to another machine */
export async function readSession(path: string): Promise<MayaSession | undefined> {
  const text = await readFile(path, "utf8").catch(() => "null");
  const session = sessionSchema.safeParse(tryParseJson(text)).data;
  return session?.host === thisHost() ? session : undefined;
}

/** As the Maya module writes it. */
function thisHost(): string {
  return hostname()
    .toLowerCase()
    .replace(/[^a-z0-9.-]/g, "_");
}

/** Every Maya of this user that is listening on this machine. */
export async function findSessions(): Promise<MayaSession[]> {
  const names = await readdir(sessionsFolder()).catch(() => []);
  const files = names.filter((name) => /^\d+@.+\.json$/.test(name));
  const sessions = await Promise.all(files.map((name) => readSession(join(sessionsFolder(), name))));
  return sessions.filter((session) => session !== undefined && isAlive(session.pid)) as MayaSession[];
}

/** @throws ConfigError if there is none, or if there are several and none was chosen. */
export async function chooseSession(pid?: number): Promise<MayaSession> {
  const sessions = await findSessions();
  const wanted = pid === undefined ? sessions : sessions.filter((session) => session.pid === pid);
  const [session] = wanted;
  if (session && wanted.length === 1) return session;
  const list = sessions.map(({ pid: id, mayaVersion }) => `${id} (Maya ${mayaVersion})`).join(", ");
  throw new ConfigError({
    code: "invalid_option",
    option: "--maya",
    message: session ? `Several Mayas are running: ${list}.` : "No Maya with Renderjuice is running.",
    hint: session
      ? "Choose one with --maya PROCESS."
      : "In Maya, run: import renderjuice_maya; renderjuice_maya.open_port(). To install the Maya module: renderjuice-maya install",
  });
}
