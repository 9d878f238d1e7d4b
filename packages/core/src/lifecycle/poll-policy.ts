/** How often a waiting client polls. Shared by all jobs that it waits for. */
export interface PollPolicy {
  /** The pause after a change. @default 1000 */
  readonly initialMs: number;
  /** The longest pause while nothing changes. @default 15000 */
  readonly maxMs: number;
  /** How much the pause grows from one poll without changes to the next. @default 1.5 */
  readonly factor: number;
  /** How long the API may be unreachable before waiting fails with the last error. @default 1800000 */
  readonly outageToleranceMs: number;
  /**
   * How long the API may refuse a job that could be read before, or return something else, before waiting fails. Covers a
   * key that is being replaced, or a proxy that answers instead of the API. @default 300000
   */
  readonly refusalToleranceMs: number;
}

export const DEFAULT_POLL_POLICY: PollPolicy = {
  initialMs: 1000,
  maxMs: 15_000,
  factor: 1.5,
  outageToleranceMs: 30 * 60_000,
  refusalToleranceMs: 5 * 60_000,
};
