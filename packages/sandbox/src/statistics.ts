/** What has happened since the start, for tests and people. */
export interface Statistics {
  /** Requests by endpoint, such as `createJob`. */
  readonly requests: Record<string, number>;
  jobsCreated: number;
  rendersStarted: number;
  rendersRunning: number;
  uploads: number;
  uploadedBytes: number;
  downloads: number;
}

export function createStatistics(): Statistics {
  return {
    requests: {},
    jobsCreated: 0,
    rendersStarted: 0,
    rendersRunning: 0,
    uploads: 0,
    uploadedBytes: 0,
    downloads: 0,
  };
}
