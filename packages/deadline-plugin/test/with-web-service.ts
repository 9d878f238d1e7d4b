import { DEFAULT_RETRY_POLICY, type RetryOptions } from "@renderjuice/core/adapter";
import { systemRuntime } from "@renderjuice/core/adapter/node";
import { type EmulatorOptions, startWebService } from "../../../hosts/deadline/web-service-emulator.ts";
import { applyVerb } from "../src/web-service/apply-verb.ts";
import type { Verb } from "../src/web-service/verbs.ts";
import { createWebService, type WebServiceOptions } from "../src/web-service/web-service.ts";

/** Waits that are as short as tests want them. */
const QUICK_RETRY: RetryOptions = {
  policy: { ...DEFAULT_RETRY_POLICY, maxAttempts: 3, initialDelayMs: 1, maxDelayMs: 2 },
  runtime: systemRuntime,
};

/** An emulated Web Service and our client for it. */
export async function startFarm(options: EmulatorOptions & { client?: Partial<WebServiceOptions> } = {}) {
  const emulator = await startWebService(options);
  const { auth, client } = options;
  const service = createWebService({ url: emulator.url, timeoutMs: 5000, ...auth, ...client });
  return {
    emulator,
    service,
    apply: (verb: Verb, jobId: string, isDryRun = false) =>
      applyVerb(service, verb, jobId, { isDryRun, retry: QUICK_RETRY }),
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]();
      await emulator[Symbol.asyncDispose]();
    },
  };
}
