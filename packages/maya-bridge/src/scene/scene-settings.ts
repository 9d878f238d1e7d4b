import type { JobRequest } from "../job/job-request.ts";

type Facts = JobRequest["facts"];
type MayaCamera = Facts["cameras"][number];

/** What the Maya scene says, in Blender's terms: `blender/renderjuice_scene/settings.py` applies it. */
export interface SceneSettings {
  readonly frames: { readonly start: number; readonly end: number; readonly step: number };
  /** Frames per second are `fps / base`. */
  readonly rate: { readonly fps: number; readonly base: number };
  readonly size: {
    readonly width: number;
    readonly height: number;
    readonly pixelAspectX: number;
    readonly pixelAspectY: number;
  };
  /** Those that render in Maya, the first that the `.blend` has is taken. */
  readonly cameras: readonly BlenderCamera[];
}

interface BlenderCamera {
  readonly name: string;
  readonly lensMm: number;
  readonly sensorWidthMm: number;
  readonly sensorHeightMm: number;
  readonly sensorFit: "HORIZONTAL" | "VERTICAL";
  /** Near and far in metres; null when the scene's unit is unknown. */
  readonly clipM: readonly [number, number] | null;
}

export function sceneSettings(facts: Facts): SceneSettings {
  const { frames, resolution } = facts;
  return {
    // Blender counts in whole frames.
    frames: {
      start: Math.round(frames.start),
      end: Math.round(frames.end),
      step: Math.max(1, Math.round(frames.step)),
    },
    rate: frameRate(facts.fps),
    size: { width: resolution.width, height: resolution.height, ...pixelAspect(resolution.pixelAspect) },
    cameras: facts.cameras.map((camera) => blenderCamera(camera, facts)),
  };
}

/** Blender has a whole number and a base: 23.976 is 24 / 1.001, exactly, so that sound stays in step. */
export function frameRate(fps: number): SceneSettings["rate"] {
  if (Number.isInteger(fps)) return { fps, base: 1 };
  const whole = Math.round(fps * 1.001);
  if (Math.abs(whole / 1.001 - fps) < 0.002) return { fps: whole, base: 1.001 };
  const above = Math.ceil(fps);
  return { fps: above, base: above / fps };
}

/** Maya: width of a pixel by its height. Blender: both, neither below 1. */
function pixelAspect(aspect: number): { pixelAspectX: number; pixelAspectY: number } {
  return aspect >= 1
    ? { pixelAspectX: aspect, pixelAspectY: 1 }
    : { pixelAspectX: 1, pixelAspectY: 1 / aspect };
}

function blenderCamera(camera: MayaCamera, { resolution, metersPerUnit }: Facts): BlenderCamera {
  const imageAspect = (resolution.width * resolution.pixelAspect) / resolution.height;
  return {
    name: camera.name,
    lensMm: camera.focalLengthMm,
    sensorWidthMm: camera.filmWidthMm,
    sensorHeightMm: camera.filmHeightMm,
    sensorFit: sensorFit(camera, imageAspect),
    clipM: metersPerUnit === null ? null : [camera.nearClip * metersPerUnit, camera.farClip * metersPerUnit],
  };
}

/**
 * Which side of the film back the image's same side is as long as. Maya's "fill" puts the image inside the film back, its
 * "overscan" the film back inside the image; the other two say it.
 */
function sensorFit(camera: MayaCamera, imageAspect: number): BlenderCamera["sensorFit"] {
  const isFilmWider = camera.filmWidthMm / camera.filmHeightMm > imageAspect;
  switch (camera.filmFit) {
    case "horizontal":
      return "HORIZONTAL";
    case "vertical":
      return "VERTICAL";
    case "fill":
      return isFilmWider ? "VERTICAL" : "HORIZONTAL";
    case "overscan":
      return isFilmWider ? "HORIZONTAL" : "VERTICAL";
  }
}
