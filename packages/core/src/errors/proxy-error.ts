import { ConnectionError } from "./connection-error.ts";
import { type ConnectionProblem, readConnectionProblem } from "./connection-problem.ts";

export interface ProxyErrorOptions {
  /** The host to be reached through the proxy. */
  readonly host: string;
  /** Host and port of the proxy, without user name and password. */
  readonly proxy: string;
  /** The status of its refusal; absent if it could not be reached or did not answer. */
  readonly status?: number | undefined;
  readonly systemCode: string;
  readonly cause?: unknown;
}

/**
 * This network's proxy refused to connect to a host, or could not be reached itself. Nothing reached the host.
 *
 * @example
 * if (ProxyError.isInstance(error)) console.error(error.proxy, error.status);
 */
export class ProxyError extends ConnectionError {
  readonly proxy: string;
  readonly status: number | undefined;

  constructor(options: ProxyErrorOptions) {
    const { status } = options;
    super({
      ...options,
      problem: status === undefined ? unreachable(options) : refused({ ...options, status }),
    });
    this.proxy = options.proxy;
    this.status = status;
  }
}

function unreachable({ proxy, host, systemCode }: ProxyErrorOptions): ConnectionProblem {
  const problem = readConnectionProblem(systemCode, `the proxy ${proxy}`);
  const hint = problem.isRetryable
    ? `Check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY. If ${host} can be reached without a proxy, name it in NO_PROXY.`
    : problem.hint;
  return { ...problem, hint, wasRequestSent: "no" };
}

function refused({ proxy, host, status }: ProxyErrorOptions & { status: number }): ConnectionProblem {
  return {
    says: `The proxy ${proxy} refused to connect to ${host} with status ${status}`,
    hint: adviseOn(status, host),
    isRetryable: status === 429 || status >= 500,
    wasRequestSent: "no",
  };
}

function adviseOn(status: number, host: string): string {
  if (status === 407) {
    return "The proxy requires a user name and password. Add them to HTTPS_PROXY as user:password@ before the host, with special characters percent-encoded.";
  }
  if (status >= 500)
    return `The proxy has a problem, or cannot reach ${host}. Try again in a few minutes, or ask whoever runs it.`;
  return `Ask whoever runs the proxy to allow ${host}. If it can be reached without a proxy, name it in NO_PROXY.`;
}
