import { readFile } from "node:fs/promises";

export interface Silence {
  readonly message: string;
  readonly hint: string;
}

interface Connection {
  readonly port: number;
  /** Our end of the connection. */
  readonly ownPort: number | undefined;
  readonly waitedMs: number;
  /** Maya's process, if it is known. */
  readonly pid: number | undefined;
}

/** Why a reachable port does not answer: the cause if the system shows it, otherwise all possible ones. */
export async function describeSilence({ port, ownPort, waitedMs, pid }: Connection): Promise<Silence> {
  const waited = `for ${waitedMs / 1000} s`;
  if (pid !== undefined && !isAlive(pid)) {
    return {
      message: `Maya (process ${pid}) has ended, and another program uses its port ${port}.`,
      hint: "Start Maya again. Submitted jobs continue.",
    };
  }
  switch (await findHolder(port, ownPort)) {
    case "maya":
      return {
        message: `Maya has not answered ${waited}: its main thread is busy.`,
        hint: "A dialog may be open in Maya, or it may be playblasting, exporting or rendering. In batch mode it never answers.",
      };
    case "another client":
      return {
        message: `Maya has not read the call ${waited}: another program occupies the port, which serves one client at a time.`,
        hint: "Close that program. It is often an editor's extension.",
      };
    default:
      return {
        message: `Maya has not answered ${waited}.`,
        hint:
          "Either a dialog is open or Maya is busy; or another program, such as an editor's extension, " +
          "occupies the port; or this is Maya in batch mode, which never answers.",
      };
  }
}

const LISTENING = "0A";
const ESTABLISHED = "01";

/**
 * Why our call is not answered. Linux shows whether the call still waits in Maya's socket, and whether another client
 * is connected. Maya can also be busy with a client that has hung up, such as one of our earlier calls.
 *
 * @returns undefined if the system does not show it
 */
async function findHolder(
  port: number,
  ownPort: number | undefined,
): Promise<"maya" | "another client" | undefined> {
  const table = await readFile("/proc/net/tcp", "utf8").catch(() => undefined);
  const ends = table
    ?.split("\n")
    .map((line) => line.trim().split(/\s+/))
    .map(([, local = "", remote = "", state, queues = ""]) => ({ local, remote, state, queues }))
    .filter(({ local, state }) => portOf(local) === port && state !== LISTENING);
  const own = ends?.find(({ remote }) => portOf(remote) === ownPort);
  if (!ends || !own) return undefined;
  const isUnread = Number.parseInt(own.queues.split(":")[1] ?? "", 16) > 0;
  const hasOther = ends.some((end) => end !== own && end.state === ESTABLISHED);
  return isUnread && hasOther ? "another client" : "maya";
}

/** The port of an address such as `0100007F:1B59`. */
function portOf(address: string): number {
  return Number.parseInt(address.split(":")[1] ?? "", 16);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
