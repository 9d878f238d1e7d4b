import type { Clock } from "./clock.ts";
import type { Logger } from "./logger.ts";
import type { IsolationMode } from "./renderers/blender/isolation/isolation.ts";
import type { Renderer, SceneAnalysis } from "./renderers/renderer.ts";
import type { WebhookTarget } from "./webhook-sender.ts";

export interface SandboxOptions {
  /** Where state and files are kept; without it in a temporary folder that goes away with the sandbox. */
  readonly dataDir?: string | undefined;
  /** @default 0, any free port */
  readonly port?: number | undefined;
  /** @default 0, any free port */
  readonly storagePort?: number | undefined;
  /** Address to listen on. Anything but loopback lets others in who know a key. @default "127.0.0.1" */
  readonly host?: string | undefined;
  /** Names by which others reach it, besides `localhost`, `host` and addresses: that of a container, say. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Origins whose pages may use the API from a browser, such as `http://localhost:5173`. @default none */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** `"auto"` takes Blender where there is one, else draws simulated frames. @default "auto" */
  readonly renderer?: "auto" | "blender" | "simulated" | Renderer | undefined;
  /**
   * What keeps a scene from the rest of this machine. `"auto"` takes the best there is, `"required"` bubblewrap or
   * nothing, `"off"` nothing. @default "auto"
   */
  readonly isolation?: IsolationMode | undefined;
  /** What simulated scenes are said to hold. */
  readonly simulatedScene?: Partial<SceneAnalysis> | undefined;
  /** Milliseconds that each simulated step takes. @default 0 */
  readonly simulatedStepMs?: number | undefined;
  /** Jobs worked on at a time. @default 1 with Blender, which uses all cores; 8 simulated */
  readonly concurrency?: number | undefined;
  /** Keys of the workspaces, used when the data folder is new. @default two random ones */
  readonly apiKeys?: readonly string[] | undefined;
  readonly webhook?: WebhookTarget | undefined;
  /** Faults that are on from the start, as `name[:argument][@endpoint][*times]`. */
  readonly faults?: readonly string[] | undefined;
  /** How long signed URLs are good for. @default 3600000 */
  readonly urlLifetimeMs?: number | undefined;
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
}
