import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tryParseJson } from "@renderjuice/core/adapter";
import pLimit from "p-limit";
import * as z from "zod/v4";
import { MayaError } from "./maya-error.ts";
import { rpcLine } from "./quoting.ts";
import { type SendOptions, sendLine } from "./send-line.ts";
import { type MayaSession, sessionsFolder } from "./session.ts";

/** Maya reads 4096 bytes at a time; a longer line may be cut, and its tail run as another command. */
const MAX_LINE_BYTES = 3 * 1024;

const answerSchema = z.union([
  z.object({ v: z.literal(1), id: z.string(), ok: z.literal(true), result: z.unknown() }),
  z.object({
    v: z.literal(1),
    id: z.string(),
    ok: z.literal(false),
    error: z.object({ type: z.string(), message: z.string(), hint: z.string().optional() }),
  }),
]);

/** Calls to one Maya, one after the other: its port serves one client at a time. */
export class MayaRpc {
  readonly #session: MayaSession;
  readonly #options: SendOptions;
  readonly #oneAtATime = pLimit(1);

  constructor(session: MayaSession, options: SendOptions = {}) {
    this.#session = session;
    this.#options = { pid: session.pid, ...options };
  }

  /**
   * @returns what the Maya module returned
   * @throws MayaError; after `silent` and `lost` the call may have been executed, and is not sent again.
   */
  call(method: string, args: Record<string, unknown> = {}): Promise<unknown> {
    return this.#oneAtATime(() => this.#send(method, args));
  }

  async #send(method: string, args: Record<string, unknown>): Promise<unknown> {
    const id = randomUUID();
    const line = rpcLine(this.#session.token, { id, method, args });
    if (line.length <= MAX_LINE_BYTES) return this.#exchange(id, line);
    const argsFile = join(sessionsFolder(), `arguments-${id}.json`);
    await writeFile(argsFile, JSON.stringify(args), { mode: 0o600, flag: "wx" });
    try {
      return await this.#exchange(id, rpcLine(this.#session.token, { id, method, argsFile }));
    } finally {
      await rm(argsFile, { force: true });
    }
  }

  async #exchange(id: string, line: string): Promise<unknown> {
    const text = await sendLine(this.#session.port, line, this.#options);
    const answer = answerSchema.safeParse(tryParseJson(text));
    if (!answer.success) throw explain(text);
    if (answer.data.id !== id) throw garbled("Maya answered a different call.");
    if (answer.data.ok) return answer.data.result;
    const { message, hint } = answer.data.error;
    throw new MayaError({ failure: "failed", message, hint });
  }
}

function explain(text: string): MayaError {
  if (/^\{"ok": ?false\}$/.test(text)) {
    return new MayaError({
      failure: "refused",
      message: "Maya does not know this token: it was restarted, or another Maya uses its port.",
      hint: "In Maya, run renderjuice_maya.attach() to continue its jobs.",
    });
  }
  if (text === "") return garbled("Maya's port sends empty replies, so it is not Renderjuice's.");
  return garbled(`Maya's port sent an unexpected reply: ${JSON.stringify(text.slice(0, 300))}.`);
}

function garbled(message: string): MayaError {
  return new MayaError({
    failure: "garbled",
    message,
    hint: "Check that Renderjuice is loaded in this Maya: run renderjuice-maya doctor.",
  });
}
