/** How often a waiting client asks. Shared by all jobs it waits for. */
export interface PollPolicy {
  /** Pause after a change was seen. @default 1000 */
  readonly initialMs: number;
  /** Longest pause while nothing changes. @default 15000 */
  readonly maxMs: number;
  /** Growth of the pause from one quiet poll to the next. @default 1.5 */
  readonly factor: number;
  /** How long the API may be unreachable before waiting ends with its last error. @default 1800000 */
  readonly outageToleranceMs: number;
  /**
   * How long a job that could be read before may be refused, or answered with something else, before waiting ends: a
   * key that is exchanged, a proxy that answers for the API. @default 300000
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
