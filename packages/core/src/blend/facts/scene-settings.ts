/** How a scene is rendered. */
export interface SceneSettings {
  readonly name: string;
  /**
   * As stored: `CYCLES`, `BLENDER_WORKBENCH`, `BLENDER_RENDER` (up to 2.79), or EEVEE, which is `BLENDER_EEVEE_NEXT` from 4.2
   * to 4.5 and `BLENDER_EEVEE` before and after.
   */
  readonly engine: string;
  readonly frames: SceneFrames;
  readonly framesPerSecond: number | undefined;
  readonly resolution: Resolution;
  /** Undefined if the whole image is rendered. */
  readonly border: Border | undefined;
  /** The name of the camera object. Undefined if there is none. */
  readonly camera: string | undefined;
  /** Cameras that markers switch to. */
  readonly markerCameras: readonly MarkerCamera[];
  readonly output: OutputSettings;
  readonly viewLayers: readonly ViewLayerFacts[];
  /** Only the active view layer is rendered. */
  readonly rendersSingleLayer: boolean;
  readonly compositor: CompositorFacts;
  readonly sequencer: SequencerFacts;
  /** Per pixel, of the scene's engine. */
  readonly samples: Setting<number>;
  readonly denoising: Setting<boolean>;
  readonly cycles: CyclesSettings;
  readonly usesMotionBlur: boolean;
  readonly usesSimplify: boolean;
  readonly usesPersistentData: boolean;
  readonly usesFreestyle: boolean;
  /** Stereoscopy or several views. */
  readonly usesMultiview: boolean;
  /** The scene whose objects appear in this one too. */
  readonly backgroundScene: string | undefined;
  /** Custom properties with a text, number or truth value. */
  readonly properties: Readonly<Record<string, string | number | boolean>>;
}

/** A value, and where it comes from: Cycles only stores what was changed. */
export interface Setting<Value> {
  /** Undefined if it is not known. */
  readonly value: Value | undefined;
  /** `default`: not in the file, so it is what that version of Blender starts with. */
  readonly from: "stored" | "default" | "unknown";
}

interface SceneFrames {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly current: number;
}

/** Before the percentage is applied, in pixels. */
interface Resolution {
  readonly width: number;
  readonly height: number;
  readonly percentage: number;
  readonly pixelAspectX: number;
  readonly pixelAspectY: number;
}

/** A part of the image, from 0 to 1, starting at the lower left. */
interface Border {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
  /** Whether the image has the size of the border. */
  readonly isCropped: boolean;
}

export interface MarkerCamera {
  readonly frame: number;
  readonly marker: string;
  readonly camera: string | undefined;
}

interface OutputSettings {
  /** As stored: `//render/####`. */
  readonly path: string;
  /** Blender's name, such as `PNG`, `OPEN_EXR_MULTILAYER` or `FFMPEG`. Undefined for a number that is not known. */
  readonly format: string | undefined;
  readonly isMovie: boolean;
  /** Whether files that exist are rendered again. */
  readonly overwrites: boolean;
  /** Whether empty files mark frames in progress. */
  readonly usesPlaceholders: boolean;
  readonly addsExtension: boolean;
}

export interface ViewLayerFacts {
  readonly name: string;
  readonly isRendered: boolean;
}

export interface CompositorFacts {
  /** Whether there are compositing nodes and post-processing uses them. */
  readonly isUsed: boolean;
  /** The node group, in Blender 5 and later. */
  readonly nodeGroup: string | undefined;
}

interface SequencerFacts {
  /** Whether there are strips and post-processing uses them: they replace what the camera sees. */
  readonly isUsed: boolean;
  readonly stripCount: number;
}

export interface CyclesSettings {
  readonly device: Setting<"CPU" | "GPU">;
  readonly usesAdaptiveSampling: Setting<boolean>;
  readonly adaptiveThreshold: Setting<number>;
  /** 0 means no limit. */
  readonly timeLimitSeconds: Setting<number>;
}
