/**
 * What an error code of Node, OpenSSL or an HTTP library means for the user.
 *
 * @internal
 */
export interface ConnectionProblem {
  /** Names the host; without a full stop. */
  readonly says: string;
  readonly hint: string;
  /** Whether it may go away by itself. */
  readonly isRetryable: boolean;
  /** `"no"` if it happens before the first byte of a request is sent. */
  readonly wasRequestSent: "no" | "unknown";
}

interface Rule {
  readonly codes: RegExp;
  readonly says: (host: string) => string;
  readonly hint: string;
}

const WHO_ANSWERS =
  "Something else may be answering instead: check the URL, the proxy, and whether this network requires you to sign in first.";

/** Nothing was sent, and trying again may help. */
const NO_CONNECTION: readonly Rule[] = [
  {
    codes: /^ECONNREFUSED$/,
    says: (host) => `Nothing is listening at ${host}`,
    hint: "Check the address and the port. If it is a sandbox, check that it is running.",
  },
  {
    codes: /^(ENOTFOUND|EAI_\w+)$/,
    says: (host) => `The host name ${host} cannot be resolved`,
    hint: "Check the network and the API URL. Behind a proxy, set HTTPS_PROXY.",
  },
  {
    codes: /^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/,
    says: (host) => `${host} cannot be reached from this network`,
    hint: "Check the network, and whether a VPN is missing or blocking it. Behind a proxy, set HTTPS_PROXY.",
  },
  {
    codes: /^UND_ERR_SOCKS5/,
    says: (host) => `The SOCKS proxy did not connect to ${host}`,
    hint: "Check ALL_PROXY and HTTPS_PROXY: the address, the user name and the password.",
  },
  {
    codes: /^UND_ERR_CONNECT_TIMEOUT$/,
    says: (host) => `${host} did not accept a connection in time`,
    hint: "A firewall may be blocking it. Behind a proxy, set HTTPS_PROXY.",
  },
];

/** Nothing was sent, and the same will happen again. */
const UNTRUSTED: readonly Rule[] = [
  {
    codes: /^CERT_HAS_EXPIRED$/,
    says: (host) => `The certificate of ${host} has expired`,
    hint: "Check this computer's date and time first: with a wrong clock, valid certificates look expired. If they are right, whoever runs the server or the proxy must renew the certificate.",
  },
  {
    codes: /^CERT_NOT_YET_VALID$/,
    says: (host) => `The certificate of ${host} is not valid yet`,
    hint: "This computer's clock is probably slow: correct its date, time and time zone.",
  },
  {
    codes: /^(ERR_TLS_CERT_ALTNAME_\w+|HOSTNAME_MISMATCH|UND_ERR_PRX_TLS)$/,
    says: (host) => `The certificate of ${host} was issued for another name`,
    hint: WHO_ANSWERS,
  },
  {
    codes: /^DEPTH_ZERO_SELF_SIGNED_CERT$/,
    says: (host) => `The certificate of ${host} is self-signed`,
    hint: `If the server is your own, set NODE_EXTRA_CA_CERTS to the certificate file. ${WHO_ANSWERS}`,
  },
  {
    codes: /^(SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT\w*)$/,
    says: (host) => `The certificate of ${host} was issued by an authority that this computer does not know`,
    hint: "If your studio inspects TLS traffic, set NODE_EXTRA_CA_CERTS to the certificate of its authority. If the server is your own, it must also send its intermediate certificates.",
  },
  {
    codes: /^CERT_REVOKED$/,
    says: (host) => `The certificate of ${host} has been revoked`,
    hint: "Whoever runs the server must replace it.",
  },
  {
    codes: /CERT|CRL|^(INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|UNABLE_TO_\w+|ERR_TLS_\w+)$/,
    says: (host) => `The certificate of ${host} cannot be trusted`,
    hint: WHO_ANSWERS,
  },
];

/** Nothing can be sent. */
const UNUSABLE: readonly Rule[] = [
  {
    codes: /^(UND_ERR_INVALID_ARG|UND_ERR_NOT_SUPPORTED|ERR_INVALID_URL|ERR_INVALID_CHAR)$/,
    says: (host) => (host ? `The request to ${host} cannot be sent` : "The request has no address"),
    hint: "Check the URL, the key and the proxy for characters that do not belong there.",
  },
];

/** It may have been sent, and trying again may help: machines in between cause this too, for a while. */
const BROKEN: readonly Rule[] = [
  {
    codes: /^FETCH_FAILED$/,
    says: (host) => `${host} did not respond`,
    hint: "Check the network and the API URL. In a web page, see the browser's console: the server has to allow the page (CORS).",
  },
  {
    codes: /^UND_ERR_(HEADERS|BODY)_TIMEOUT$/,
    says: (host) => `${host} accepted the connection but did not respond`,
    hint: "Check the network, then try again.",
  },
  {
    codes: /^(ERR_SSL_\w+|EPROTO)$/,
    says: (host) => `The server at ${host} does not speak TLS correctly`,
    hint: "Check the URL (https or http) and the port. A proxy or a firewall may be answering instead.",
  },
  {
    codes: /^(HPE_\w+|NOT_HTTP|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/,
    says: (host) => `The server at ${host} does not speak HTTP correctly`,
    hint: "Check the URL and the port. A proxy, a firewall or another program may be answering instead.",
  },
];

const KINDS = [
  { rules: NO_CONNECTION, isRetryable: true, wasRequestSent: "no" },
  { rules: UNTRUSTED, isRetryable: false, wasRequestSent: "no" },
  { rules: UNUSABLE, isRetryable: false, wasRequestSent: "no" },
  { rules: BROKEN, isRetryable: true, wasRequestSent: "unknown" },
] as const;

export function readConnectionProblem(systemCode: string, host: string): ConnectionProblem {
  for (const { rules, isRetryable, wasRequestSent } of KINDS) {
    const rule = rules.find(({ codes }) => codes.test(systemCode));
    if (rule) return { says: rule.says(host), hint: rule.hint, isRetryable, wasRequestSent };
  }
  return {
    says: `The connection to ${host} was lost`,
    hint: "Check the network, then try again.",
    isRetryable: true,
    wasRequestSent: "unknown",
  };
}
