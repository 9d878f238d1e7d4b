import { chmodSync, closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const SCHEMA_VERSION = 1;

const SCHEMA = `
  CREATE TABLE workspaces (
    id TEXT PRIMARY KEY,
    api_key TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT;
  CREATE TABLE uploads (
    slug TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    file_name TEXT NOT NULL,
    file_type TEXT NOT NULL,
    size_bytes INTEGER
  ) STRICT;
  CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    workspace_id TEXT NOT NULL REFERENCES workspaces (id),
    slug TEXT NOT NULL REFERENCES uploads (slug),
    status TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    details TEXT NOT NULL
  ) STRICT;
  CREATE INDEX jobs_of_workspace ON jobs (workspace_id, number DESC);
  CREATE TABLE files (
    job_id TEXT NOT NULL REFERENCES jobs (id),
    relative_path TEXT NOT NULL,
    kind TEXT NOT NULL,
    frame INTEGER,
    view TEXT,
    composite_node_name TEXT,
    PRIMARY KEY (job_id, relative_path)
  ) STRICT;
  CREATE TABLE deliveries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id TEXT NOT NULL,
    event TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    outcome TEXT NOT NULL
  ) STRICT;
`;

/** Opens the sandbox's state in its data folder. @throws Error if another sandbox uses it, or a newer one made it. */
export function openDatabase(dataDir: string): DatabaseSync {
  const path = join(dataDir, "sandbox.sqlite");
  // It contains keys. SQLite would make it readable for all, and gives its other files the same mode.
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
  const database = new DatabaseSync(path);
  try {
    // Exclusive, since two sandboxes on one folder would both render its jobs.
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;");
    migrate(database);
  } catch (cause) {
    database.close();
    throw new Error(`${path} cannot be used (${cause}). Check that no other sandbox uses this folder.`, {
      cause,
    });
  }
  return database;
}

function migrate(database: DatabaseSync): void {
  const { user_version: version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (version === SCHEMA_VERSION) return;
  if (version > SCHEMA_VERSION) throw new Error(`It was made by a newer sandbox (version ${version}).`);
  database.exec(`BEGIN; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
}
