/** A finding about a scene, before anything is sent. */
export interface PreflightIssue {
  /** Stable: scripts may rely on it. */
  readonly ruleId: string;
  /** An `"error"` stops the job; the others are only reported. */
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  /** The file, archive entry or setting that it is about. */
  readonly path?: string | undefined;
}
