import type { Clock } from "./clock.ts";
import type { Logger } from "./logger.ts";
import type { IsolationMode } from "./renderers/blender/isolation/isolation.ts";
import type { Renderer, SceneAnalysis } from "./renderers/renderer.ts";
import type { WebhookTarget } from "./webhook-sender.ts";

/** Options of `createSandbox`. */
export interface SandboxOptions {
  /** Where state and files are kept. @default a temporary folder that is deleted with the sandbox */
  readonly dataDir?: string | undefined;
  /** @default 0, any free port */
  readonly port?: number | undefined;
  /** @default 0, any free port */
  readonly storagePort?: number | undefined;
  /** Address to listen on. With anything but loopback, others who know a key can connect. @default "127.0.0.1" */
  readonly host?: string | undefined;
  /** Further host names, besides `localhost`, `host` and addresses, such as a container's. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Origins whose pages may use the API from a browser, such as `http://localhost:5173`. @default none */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** `"auto"` uses Blender if it is installed, and otherwise draws simulated frames. @default "auto" */
  readonly renderer?: "auto" | "blender" | "simulated" | Renderer | undefined;
  /**
   * How scenes are isolated from this machine. `"auto"` uses the best available way, `"required"` insists on
   * bubblewrap, `"off"` does not isolate. @default "auto"
   */
  readonly isolation?: IsolationMode | undefined;
  /** The reported contents of simulated scenes. */
  readonly simulatedScene?: Partial<SceneAnalysis> | undefined;
  /** Milliseconds that each simulated step takes. @default 0 */
  readonly simulatedStepMs?: number | undefined;
  /** How many jobs run at a time. @default 1 with Blender, which uses all cores; 8 simulated */
  readonly concurrency?: number | undefined;
  /** Keys of the workspaces of a new data folder. @default two random keys */
  readonly apiKeys?: readonly string[] | undefined;
  readonly webhook?: WebhookTarget | undefined;
  /** Faults that are on from the start, as `name[:argument][@endpoint][*times]`. */
  readonly faults?: readonly string[] | undefined;
  /** How long signed URLs are valid. @default 3600000 */
  readonly urlLifetimeMs?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
}
