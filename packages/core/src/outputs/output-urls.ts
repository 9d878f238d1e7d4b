import type { Downloads } from "../contract/index.ts";
import { DownloadError } from "../errors/index.ts";
import { type PlannedOutput, planOutputs } from "./plan-outputs.ts";

/**
 * The signed URLs of a job's outputs. They expire at the same time, so they are renewed together.
 *
 * @example
 * const { outputs } = planOutputs(await client.jobs.downloads(jobId));
 * const urls = new OutputUrls(outputs, () => client.jobs.downloads(jobId));
 * const url = await urls.get("frame_0001.png", undefined);
 */
export class OutputUrls {
  readonly #readDownloads: () => Promise<Downloads>;
  #urls: Map<string, string>;
  #renewal: Promise<void> | undefined;

  constructor(outputs: readonly PlannedOutput[], readDownloads: () => Promise<Downloads>) {
    this.#readDownloads = readDownloads;
    this.#urls = urlsByPath(outputs);
  }

  /**
   * @param refused the URL that the host refused; it may have been renewed for another file in the meantime
   * @throws DownloadError `downloads_unavailable` if the job no longer has the file
   */
  async get(relativePath: string, refused: string | undefined): Promise<string> {
    if (refused !== undefined && this.#urls.get(relativePath) === refused) {
      this.#renewal ??= this.#renew().finally(() => {
        this.#renewal = undefined;
      });
      await this.#renewal;
    }
    const url = this.#urls.get(relativePath);
    if (url) return url;
    throw new DownloadError({
      code: "downloads_unavailable",
      message: `The job no longer has ${relativePath}.`,
      file: relativePath,
    });
  }

  async #renew(): Promise<void> {
    this.#urls = urlsByPath(planOutputs(await this.#readDownloads()).outputs);
  }
}

function urlsByPath(outputs: readonly PlannedOutput[]): Map<string, string> {
  return new Map(outputs.map(({ relativePath, url }) => [relativePath, url]));
}
