import { randomUUID } from "node:crypto";
import type { Finding } from "./finding.ts";
import { MayaError } from "./maya-error.ts";
import { MayaRpc } from "./maya-rpc.ts";
import type { MayaSession } from "./session.ts";

const SIZES = [1_000, 3_000, 100_000, 1_000_000];

/** Tests the connection to a Maya: does it answer, once per call, with texts of every size? */
export async function measureOwnPort(session: MayaSession): Promise<Finding[]> {
  const check = `maya ${session.pid}`;
  const rpc = new MayaRpc(session, { replyTimeoutMs: 5000, maxReplyBytes: 16 * 1024 ** 2 });
  try {
    const startedMs = performance.now();
    await rpc.call("ping");
    const ms = Math.round(performance.now() - startedMs);
    const detail = `Maya ${session.mayaVersion} answers on port ${session.port} in ${ms} ms`;
    return [{ check, state: "ok", detail }, await countRuns(rpc, check), await measureSizes(rpc, check)];
  } catch (error) {
    if (!MayaError.isInstance(error)) throw error;
    return [{ check, state: "failed", detail: `${error.message}\n${error.hint ?? ""}` }];
  }
}

async function countRuns(rpc: MayaRpc, check: string): Promise<Finding> {
  const key = randomUUID();
  await rpc.call("count", { key });
  const runs = await rpc.call("counted", { key });
  return runs === 1
    ? { check, state: "ok", detail: "a call is executed once" }
    : {
        check,
        state: "failed",
        detail: `one call was executed ${runs} times. Do not submit; please report this.`,
      };
}

async function measureSizes(rpc: MayaRpc, check: string): Promise<Finding> {
  for (const size of SIZES) {
    const answer = (await rpc.call("echo", { text: "x".repeat(size) })) as { received: number; text: string };
    if (answer.received !== size || answer.text.length !== size) {
      return {
        check,
        state: "failed",
        detail: `of ${size} bytes ${answer.received} arrived and ${answer.text.length} came back`,
      };
    }
  }
  return { check, state: "ok", detail: `texts of up to ${SIZES.at(-1)} bytes arrive and come back whole` };
}
