/** The result of `work`. If the signal is aborted first, throws its reason and no longer waits for the work. */
export async function orAbort<T>(work: T | PromiseLike<T>, signal: AbortSignal | undefined): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}
