/**
 * For whatever a helper waits for. Shorter than a test may take: a test that is timed out from outside goes on waiting,
 * and what it has started stays and starves the next.
 */
export const HELPER_LIMIT_MS = 100_000;
