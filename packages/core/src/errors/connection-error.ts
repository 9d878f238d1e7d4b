import { RenderjuiceError } from "./renderjuice-error.ts";

/** No complete answer came: no network, no such host, a cut connection. */
export class ConnectionError extends RenderjuiceError {
  readonly host: string;
  /** Such as `ECONNREFUSED`. */
  readonly systemCode: string;
  /** `"no"` when the request surely never reached the server. */
  readonly wasRequestSent: "no" | "unknown";

  constructor(options: {
    host: string;
    systemCode: string;
    wasRequestSent: "no" | "unknown";
    cause?: unknown;
  }) {
    const { host, systemCode, wasRequestSent, cause } = options;
    const isCertificate = isCertificateProblem(systemCode);
    super({
      code: "connection_failed",
      message: `${describe(systemCode)} ${host} (${systemCode}).`,
      hint: advise(systemCode, isCertificate),
      isRetryable: !isCertificate,
      cause,
    });
    this.host = host;
    this.systemCode = systemCode;
    this.wasRequestSent = wasRequestSent;
  }
}

function isCertificateProblem(systemCode: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(systemCode);
}

function describe(systemCode: string): string {
  if (systemCode === "ECONNREFUSED") return "Nothing answers at";
  if (systemCode === "ENOTFOUND" || systemCode === "EAI_AGAIN") return "The name cannot be resolved:";
  if (isCertificateProblem(systemCode)) return "The certificate is not trusted:";
  return "The connection broke to";
}

function advise(systemCode: string, isCertificate: boolean): string {
  if (isCertificate) {
    return "If your studio inspects TLS traffic, set NODE_EXTRA_CA_CERTS to the file of its certificate authority.";
  }
  if (systemCode === "ECONNREFUSED")
    return "Is the address right? If it is a sandbox: is `renderjuice sandbox` running?";
  if (systemCode === "ENOTFOUND" || systemCode === "EAI_AGAIN") {
    return "Check the network and the API URL. Behind a proxy, set HTTPS_PROXY.";
  }
  return "Check the network, then try again.";
}
