import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { describeSilence, type Silence } from "./describe-silence.ts";
import { MayaError } from "./maya-error.ts";

const TERMINATOR = 0;

export interface SendOptions {
  /** @default "127.0.0.1"; a name could lead to ::1, where Maya does not listen */
  readonly host?: string | undefined;
  /** @default 2000 */
  readonly connectTimeoutMs?: number | undefined;
  /** @default 15000 */
  readonly replyTimeoutMs?: number | undefined;
  /** @default 4 MiB */
  readonly maxReplyBytes?: number | undefined;
  /** Maya's process, to tell a busy Maya from one that has ended. */
  readonly pid?: number | undefined;
}

/**
 * Sends one line in one write on a separate connection, and reads the answer up to its NUL, in however many pieces. A
 * line that was written is never sent again.
 *
 * @throws MayaError `unreachable`, `busy`, `silent`, `lost` or `garbled`.
 */
export async function sendLine(port: number, line: string, options: SendOptions = {}): Promise<string> {
  const socket = connect({ host: options.host ?? "127.0.0.1", port, noDelay: true });
  // Reads reject with it, and nothing else should.
  socket.on("error", () => undefined);
  try {
    await reach(socket, port, options.connectTimeoutMs ?? 2000);
    socket.write(line, "utf8");
    return await readReply(socket, port, options);
  } finally {
    socket.destroy();
  }
}

async function reach(socket: Socket, port: number, timeoutMs: number): Promise<void> {
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(timeoutMs) });
  } catch (cause) {
    // A closed port refuses immediately, while a full queue makes callers wait.
    if ((cause as Error).name === "AbortError") {
      throw new MayaError({
        failure: "busy",
        message: `Maya is not accepting more calls on port ${port} until it has answered the earlier ones.`,
        hint: "A dialog may be open in Maya, or it may be playblasting, exporting or rendering.",
        cause,
      });
    }
    throw new MayaError({
      failure: "unreachable",
      message: `Maya is not listening on port ${port}.`,
      hint: "If Maya is running, run in its Script Editor: import renderjuice_maya; renderjuice_maya.attach()",
      cause,
    });
  }
}

async function readReply(socket: Socket, port: number, options: SendOptions): Promise<string> {
  const { replyTimeoutMs = 15_000, maxReplyBytes = 4 * 1024 ** 2, pid } = options;
  let silence: Silence | undefined;
  const timer = setTimeout(async () => {
    // While the connection is open, since its state shows the cause.
    silence = await describeSilence({ port, ownPort: socket.localPort, waitedMs: replyTimeoutMs, pid });
    socket.destroy(new Error("No answer in time."));
  }, replyTimeoutMs);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      sizeBytes += chunk.length;
      // Stops before the end, since Maya waits for us to hang up.
      if (chunk.at(-1) === TERMINATOR) return decode(chunks);
      if (sizeBytes > maxReplyBytes) break;
    }
  } catch (cause) {
    throw silence ? new MayaError({ failure: "silent", ...silence, cause }) : lost(cause);
  } finally {
    clearTimeout(timer);
  }
  if (sizeBytes > maxReplyBytes) throw tooLong(maxReplyBytes);
  // Maya always sends a NUL, but an end without one is an answer too.
  if (sizeBytes > 0) return decode(chunks);
  throw lost();
}

function decode(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\n?\0$/, "");
}

function tooLong(maxReplyBytes: number): MayaError {
  return new MayaError({
    failure: "garbled",
    message: `Maya's reply is too long: more than ${maxReplyBytes} bytes.`,
    hint: "Check whether an editor's extension uses the same port. Renderjuice opens its own.",
  });
}

function lost(cause?: unknown): MayaError {
  return new MayaError({
    failure: "lost",
    message: "Maya hung up before it answered.",
    hint: "It may still have carried out the call. Check in Maya, or run renderjuice-maya status.",
    cause,
  });
}
