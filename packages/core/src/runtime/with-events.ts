/**
 * Runs `task`, yields the events that it emits, and returns its result. If the consumer stops early, the task's signal is
 * aborted.
 */
export async function* withEvents<Event, Result>(
  signal: AbortSignal | undefined,
  task: (emit: (event: Event) => void, signal: AbortSignal) => Promise<Result>,
): AsyncGenerator<Event, Result> {
  const left = new AbortController();
  const events: Event[] = [];
  let isSettled = false;
  let notify = () => {};
  const emit = (event: Event) => {
    events.push(event);
    notify();
  };
  const result = task(emit, signal ? AbortSignal.any([signal, left.signal]) : left.signal).finally(() => {
    isSettled = true;
    notify();
  });
  // Awaited below. Without this handler, a rejection while events are pending would count as unhandled.
  result.catch(() => undefined);
  try {
    for (;;) {
      for (let event = events.shift(); event !== undefined; event = events.shift()) yield event;
      if (isSettled) return await result;
      await new Promise<void>((resolve) => {
        notify = resolve;
      });
    }
  } finally {
    if (!isSettled) left.abort(new DOMException("The consumer stopped listening.", "AbortError"));
  }
}
