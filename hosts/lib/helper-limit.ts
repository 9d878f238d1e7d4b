/**
 * The limit for everything that a helper waits for. Shorter than a test's time-out, since a timed-out test keeps
 * waiting, and what it has started slows down the next one.
 */
export const HELPER_LIMIT_MS = 100_000;
