import { randomBytes, randomUUID } from "node:crypto";
import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { CreateUploadRequest, KnownJobStatus } from "@renderjuice/core/adapter";
import type { JobDetails, JobRecord } from "./job-record.ts";
import type { RenderedFile } from "./renderers/renderer.ts";
import { canGo } from "./state-machine.ts";

export interface Workspace {
  readonly id: string;
  readonly apiKey: string;
}

export interface UploadRecord {
  readonly slug: string;
  readonly workspaceId: string;
  readonly fileName: string;
  readonly fileType: string;
  /** Null until the file has arrived. */
  readonly sizeBytes: number | null;
}

export interface DeliveryRecord {
  readonly jobId: string;
  readonly event: string;
  readonly attempt: number;
  readonly atMs: number;
  /** Such as `"200"` or `"no response within 7 s"`. */
  readonly outcome: string;
}

type Row = Record<string, SQLOutputValue>;

/** The sandbox's state. Every change is on disk when the method returns. */
export class Store {
  readonly #database: DatabaseSync;
  readonly #now: () => number;

  constructor(database: DatabaseSync, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /** Two workspaces with a key each, created on the first start. */
  ensureWorkspaces(apiKeys?: readonly string[]): Workspace[] {
    if (this.#listWorkspaces().length === 0) {
      const keys = apiKeys ?? [1, 2].map(() => `RJ-sandbox-${randomBytes(18).toString("base64url")}`);
      for (const key of keys) this.#run("INSERT INTO workspaces VALUES (?, ?)", randomUUID(), key);
    }
    return this.#listWorkspaces();
  }

  /** A random text that stays the same across restarts. */
  ensureSecret(name: string): string {
    this.#run("INSERT OR IGNORE INTO settings VALUES (?, ?)", name, randomBytes(32).toString("hex"));
    return String(this.#get("SELECT value FROM settings WHERE name = ?", name)?.value);
  }

  createUpload(workspaceId: string, { fileName, fileType }: CreateUploadRequest): UploadRecord {
    const slug = randomBytes(12).toString("hex");
    this.#run("INSERT INTO uploads VALUES (?, ?, ?, ?, NULL)", slug, workspaceId, fileName, fileType);
    return { slug, workspaceId, fileName, fileType, sizeBytes: null };
  }

  findUpload(slug: string): UploadRecord | undefined {
    const row = this.#get("SELECT * FROM uploads WHERE slug = ?", slug);
    return row && readUpload(row);
  }

  finishUpload(slug: string, sizeBytes: number): void {
    this.#run("UPDATE uploads SET size_bytes = ? WHERE slug = ?", sizeBytes, slug);
  }

  createJob(workspaceId: string, slug: string): JobRecord {
    const id = randomUUID();
    const nowMs = this.#now();
    this.#run(
      "INSERT INTO jobs (id, workspace_id, slug, status, created_ms, updated_ms, details) VALUES (?, ?, ?, ?, ?, ?, '{}')",
      ...[id, workspaceId, slug, "created", nowMs, nowMs],
    );
    return this.#require(id);
  }

  findJob(id: string): JobRecord | undefined {
    const row = this.#get("SELECT * FROM jobs WHERE id = ?", id);
    return row && readJobRow(row);
  }

  countJobs(
    filter: { workspaceId?: string | undefined; status?: string | undefined; slug?: string | undefined } = {},
  ): number {
    const { workspaceId = null, status = null, slug = null } = filter;
    const row = this.#get(
      "SELECT count(*) AS count FROM jobs WHERE workspace_id = COALESCE(?, workspace_id) AND status = COALESCE(?, status) AND slug = COALESCE(?, slug)",
      ...[workspaceId, status, slug],
    );
    return Number(row?.count);
  }

  /** Newest first. */
  listJobs(
    workspaceId: string,
    { status, limit, offset }: { status?: string | undefined; limit: number; offset: number },
  ) {
    return this.#all(
      "SELECT * FROM jobs WHERE workspace_id = ? AND status = COALESCE(?, status) ORDER BY number DESC LIMIT ? OFFSET ?",
      ...[workspaceId, status ?? null, limit, offset],
    ).map(readJobRow);
  }

  listJobsIn(statuses: readonly KnownJobStatus[]): JobRecord[] {
    const placeholders = statuses.map(() => "?").join(", ");
    return this.#all(`SELECT * FROM jobs WHERE status IN (${placeholders}) ORDER BY number`, ...statuses).map(
      readJobRow,
    );
  }

  /** Moves a job to another state; false if that is not allowed because somebody was faster. */
  move(id: string, status: KnownJobStatus, details: JobDetails = {}): boolean {
    const job = this.#require(id);
    if (!canGo(job.status, status)) return false;
    this.#update(id, status, { ...job.details, ...details });
    return true;
  }

  /** All or none, since a frame with a known file counts as rendered. */
  addFiles(jobId: string, files: readonly RenderedFile[]): void {
    this.#inOneGo(() => this.#insertFiles(jobId, files));
  }

  #insertFiles(jobId: string, files: readonly RenderedFile[]): void {
    for (const file of files) {
      this.#run(
        "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)",
        ...[
          jobId,
          file.relativePath,
          file.kind,
          file.frame ?? null,
          file.view ?? null,
          file.compositeNodeName ?? null,
        ],
      );
    }
  }

  #inOneGo(work: () => void): void {
    this.#database.exec("BEGIN");
    try {
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  listFiles(jobId: string): RenderedFile[] {
    return this.#all("SELECT * FROM files WHERE job_id = ? ORDER BY frame, relative_path", jobId).map(
      readFileRow,
    );
  }

  hasFile(jobId: string, relativePath: string): boolean {
    return (
      this.#get("SELECT 1 FROM files WHERE job_id = ? AND relative_path = ?", jobId, relativePath) !==
      undefined
    );
  }

  addDelivery({ jobId, event, attempt, atMs, outcome }: DeliveryRecord): void {
    this.#run(
      "INSERT INTO deliveries (job_id, event, attempt, at_ms, outcome) VALUES (?, ?, ?, ?, ?)",
      ...[jobId, event, attempt, atMs, outcome],
    );
  }

  listDeliveries(): DeliveryRecord[] {
    return this.#all("SELECT * FROM deliveries ORDER BY number").map((row) => ({
      jobId: String(row.job_id),
      event: String(row.event),
      attempt: Number(row.attempt),
      atMs: Number(row.at_ms),
      outcome: String(row.outcome),
    }));
  }

  close(): void {
    this.#database.close();
  }

  #listWorkspaces(): Workspace[] {
    return this.#all("SELECT * FROM workspaces ORDER BY rowid").map((row) => ({
      id: String(row.id),
      apiKey: String(row.api_key),
    }));
  }

  #update(id: string, status: KnownJobStatus, details: JobDetails): void {
    this.#run(
      "UPDATE jobs SET status = ?, details = ?, updated_ms = ? WHERE id = ?",
      ...[status, JSON.stringify(details), this.#now(), id],
    );
  }

  #require(id: string): JobRecord {
    const job = this.findJob(id);
    if (!job) throw new Error(`There is no job ${id}.`);
    return job;
  }

  #run(sql: string, ...values: (string | number | null)[]): void {
    this.#database.prepare(sql).run(...values);
  }

  #get(sql: string, ...values: (string | number | null)[]): Row | undefined {
    return this.#database.prepare(sql).get(...values);
  }

  #all(sql: string, ...values: (string | number | null)[]): Row[] {
    return this.#database.prepare(sql).all(...values);
  }
}

function readUpload(row: Row): UploadRecord {
  return {
    slug: String(row.slug),
    workspaceId: String(row.workspace_id),
    fileName: String(row.file_name),
    fileType: String(row.file_type),
    sizeBytes: row.size_bytes === null ? null : Number(row.size_bytes),
  };
}

function readJobRow(row: Row): JobRecord {
  return {
    id: String(row.id),
    workspaceId: String(row.workspace_id),
    slug: String(row.slug),
    status: row.status as KnownJobStatus,
    createdMs: Number(row.created_ms),
    updatedMs: Number(row.updated_ms),
    details: JSON.parse(String(row.details)) as JobDetails,
  };
}

function readFileRow(row: Row): RenderedFile {
  return {
    kind: row.kind as RenderedFile["kind"],
    relativePath: String(row.relative_path),
    frame: row.frame === null ? undefined : Number(row.frame),
    view: readText(row.view),
    compositeNodeName: readText(row.composite_node_name),
  };
}

function readText(value: SQLOutputValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
