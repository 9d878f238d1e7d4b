import { setImmediate } from "node:timers/promises";
import type { Job, RenderConfig } from "@renderjuice/core";
import type { Downloads, JobPage, UploadTarget } from "@renderjuice/core/adapter";
import { expect } from "vitest";
import { createManualClock, createSandbox, type Sandbox, type SandboxOptions } from "../src/index.ts";

/** What passes for a scene. */
export const SCENE = Buffer.from("BLENDER-v304 and so on");
export const CONFIG: RenderConfig = { colorManagementPreset: "default" };
/** Three small frames, so that tests are quick. */
const SMALL_SCENE = { frameEnd: 3, resolution: [32, 18] } as const;

/** How long validation and each frame take when a test clock is used. */
const STEP_MS = 1000;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON. */
  readonly body: unknown;
}

/** A sandbox with simulated frames and what talks to it; gone at the end of the test. */
export async function startSandbox(options: SandboxOptions = {}) {
  const sandbox = await createSandbox({
    renderer: "simulated",
    simulatedScene: SMALL_SCENE,
    ...(options.clock && { simulatedStepMs: STEP_MS }),
    ...options,
  });
  const [apiKey = "", otherApiKey = ""] = sandbox.apiKeys;
  return {
    sandbox,
    api: createApi(sandbox, apiKey),
    /** Of another workspace. */
    otherApi: createApi(sandbox, otherApiKey),
    [Symbol.asyncDispose]: sandbox.close,
  };
}

export type Api = ReturnType<typeof createApi>;

function createApi({ url }: Sandbox, apiKey: string) {
  const authorization = `Bearer ${apiKey}`;
  const api = {
    async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const response = await fetch(url + path, {
        method,
        headers: { authorization, ...headers },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: JSON.parse(text) } as Answer;
    },
    get: (path: string) => api.call("GET", path),
    post: (path: string, body?: unknown) => api.call("POST", path, body),

    async createUpload(fileName = "shot.blend"): Promise<UploadTarget> {
      const fileType = fileName.endsWith(".zip") ? "zip" : "blend";
      return take(await api.post("/uploads", { fileName, fileType }));
    },
    /** @returns the slug */
    async upload(content: Buffer = SCENE, fileName?: string): Promise<string> {
      const { uploadUrl, slug } = await api.createUpload(fileName);
      expect((await fetch(uploadUrl, { method: "PUT", body: new Uint8Array(content) })).status).toBe(200);
      return slug;
    },
    async createJob(content?: Buffer, fileName?: string): Promise<Job> {
      return take(await api.post("/jobs", { slug: await api.upload(content, fileName) }));
    },
    async getJob(id: string): Promise<Job> {
      return take<{ data: Job }>(await api.get(`/jobs/${id}`)).data;
    },
    validate: async (id: string): Promise<Job> => take(await api.post(`/jobs/${id}/validate`)),
    render: async (id: string, config = CONFIG): Promise<Job> =>
      take(await api.post(`/jobs/${id}/render`, { requestedRenderConfig: config })),
    listJobs: async (query = ""): Promise<JobPage> => take(await api.get(`/jobs${query}`)),
    downloads: async (id: string): Promise<Downloads> => take(await api.get(`/jobs/${id}/downloads`)),
    /** Waits until a job has a status. */
    async reach(id: string, status: string): Promise<Job> {
      await expect
        .poll(async () => (await api.getJob(id)).status, { interval: 1, timeout: 5000 })
        .toBe(status);
      return api.getJob(id);
    },
    /** Takes a scene all the way. */
    async complete(config?: RenderConfig, content?: Buffer, fileName?: string): Promise<Job> {
      const { id } = await api.createJob(content, fileName);
      await api.validate(id);
      await api.reach(id, "validated");
      await api.render(id, config);
      return api.reach(id, "completed");
    },
  };
  return api;
}

function take<T>({ status, body }: Answer): T {
  expect(body).not.toHaveProperty("error");
  expect(status).toBe(200);
  return body as T;
}

/** What a refusal looks like: the shape is the sandbox's choice. */
export function refusal(status: number, code: string) {
  return { status, body: { error: { code, message: expect.stringMatching(/\w+ \w+/) } } };
}

export type TestClock = ReturnType<typeof createTestClock>;

/** A manual clock that can wait for somebody to sleep, so that no test depends on who comes first. */
export function createTestClock() {
  const clock = createManualClock();
  let sleepers = 0;
  return {
    ...clock,
    async sleep(ms: number, signal?: AbortSignal): Promise<void> {
      sleepers += 1;
      await clock.sleep(ms, signal).finally(() => {
        sleepers -= 1;
      });
    },
    /** Lets time pass, a step for each time that somebody goes to sleep. */
    async tick(steps = 1, ms = STEP_MS): Promise<void> {
      for (let step = 0; step < steps; step++) {
        await expect.poll(() => sleepers, { interval: 1 }).toBeGreaterThan(0);
        clock.advance(ms);
        await setImmediate();
      }
    },
  };
}
