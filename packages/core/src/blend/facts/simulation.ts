import type { DatablockName } from "../file/datablock-name.ts";
import type { FrameSpan } from "./external-file.ts";

/** A simulation whose frames depend on those before them: unless it is baked, a farm that splits frames renders it wrong. */
export interface Simulation {
  readonly kind: "cloth" | "particles" | "soft body" | "rigid body" | "dynamic paint" | "smoke" | "fluid";
  readonly owner: DatablockName;
  /** The modifier or particle system. */
  readonly via: string | undefined;
  readonly isBaked: boolean;
  /** Where its frames are kept: in the `.blend`, in a folder that belongs to it, or in a folder that was chosen. */
  readonly storage: "file" | "folder" | "external folder";
  readonly frames: FrameSpan;
}
