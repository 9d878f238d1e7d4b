/** A finding about a scene, before anything is sent. */
export interface PreflightIssue {
  /** Stable: scripts may rely on it. */
  readonly ruleId: string;
  /** An `"error"` stops the job; the others are for people. */
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  /** The file, archive entry or setting it is about. */
  readonly path?: string | undefined;
}
