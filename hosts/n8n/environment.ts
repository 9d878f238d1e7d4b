import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const CONNECTION_LOG = fileURLToPath(new URL("./log-connections.cjs", import.meta.url));

export interface Places {
  /** Used by n8n as the home folder: for its data, its installed nodes and its cache. */
  readonly folder: string;
  readonly filesFolder: string;
  readonly connectionsFile: string;
}

export function placesIn(folder: string): Places {
  return { folder, filesFolder: join(folder, "files"), connectionsFile: join(folder, "connections.log") };
}

/** In queue mode, notices within seconds that a worker is gone, instead of after a minute and a half. */
export const QUICK_STALL_CHECK = {
  QUEUE_WORKER_LOCK_DURATION: "5000",
  QUEUE_WORKER_LOCK_RENEW_TIME: "1000",
  QUEUE_WORKER_STALLED_INTERVAL: "2000",
};

/** The environment of every n8n process. Nothing but PATH comes from the environment of the tests. */
export function baseEnvironment({ folder, filesFolder, connectionsFile }: Places): Record<string, string> {
  return {
    PATH: `${dirname(process.execPath)}:${process.env.PATH ?? ""}`,
    HOME: folder,
    NO_COLOR: "1",
    NODE_OPTIONS: `--require=${CONNECTION_LOG}`,
    E2E_CONNECTION_LOG: connectionsFile,
    N8N_USER_FOLDER: folder,
    N8N_ENCRYPTION_KEY: "end-to-end-tests",
    N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: "false",
    N8N_RESTRICT_FILE_ACCESS_TO: filesFolder,
    N8N_DEFAULT_BINARY_DATA_MODE: "filesystem",
    N8N_LISTEN_ADDRESS: "127.0.0.1",
    N8N_HOST: "127.0.0.1",
    N8N_PROTOCOL: "http",
    N8N_SECURE_COOKIE: "false",
    // Without a task runner, it starts faster, but the Code node does not work.
    N8N_RUNNERS_MODE: "external",
    N8N_RUNNERS_AUTH_TOKEN: "end-to-end-tests",
    N8N_RUNNERS_BROKER_LISTEN_ADDRESS: "127.0.0.1",
    N8N_UNVERIFIED_PACKAGES_ENABLED: "true",
    N8N_COMMUNITY_PACKAGES_ENABLED: "true",
    // The sandbox is on 127.0.0.1.
    N8N_SSRF_PROTECTION_ENABLED: "false",
    N8N_LOG_LEVEL: "info",
    N8N_LOG_OUTPUT: "console",
    DB_TYPE: "sqlite",
    ...NOTHING_CALLS_HOME,
  };
}

const NOTHING_CALLS_HOME = {
  N8N_DIAGNOSTICS_ENABLED: "false",
  N8N_DIAGNOSTICS_CONFIG_FRONTEND: "",
  N8N_DIAGNOSTICS_CONFIG_BACKEND: "",
  EXTERNAL_FRONTEND_HOOKS_URLS: "",
  N8N_VERSION_NOTIFICATIONS_ENABLED: "false",
  N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: "false",
  N8N_TEMPLATES_ENABLED: "false",
  N8N_PERSONALIZATION_ENABLED: "false",
  N8N_DYNAMIC_BANNERS_ENABLED: "false",
  N8N_HIRING_BANNER_ENABLED: "false",
  N8N_LICENSE_AUTO_RENEW_ENABLED: "false",
  N8N_AI_ENABLED: "false",
  N8N_SENTRY_DSN: "",
  N8N_FRONTEND_SENTRY_DSN: "",
  N8N_VERIFIED_PACKAGES_ENABLED: "false",
  N8N_REINSTALL_MISSING_PACKAGES: "false",
  SCARF_ANALYTICS: "false",
  DO_NOT_TRACK: "1",
  // `mcp-registry` connects to api.n8n.io at startup. Without the others, it starts faster.
  N8N_DISABLED_MODULES: [
    "mcp-registry",
    "mcp",
    "instance-ai",
    "chat-hub",
    "agents",
    "agent-evals",
    "insights",
    "workflow-builder",
    "source-control",
    "external-secrets",
    "log-streaming",
    "provisioning",
    "quick-connect",
    "breaking-changes",
    "instance-version-history",
    "otel",
  ].join(","),
};
