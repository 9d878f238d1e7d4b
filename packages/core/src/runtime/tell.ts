/** Calls a listener. If it throws or rejects, the work that it hears about must not fail. */
export function tell<T>(listener: (news: T) => unknown, news: T): void {
  const listen = async () => listener(news);
  listen().catch(() => undefined);
}
