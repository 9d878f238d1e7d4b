import type { JobRequest } from "../job/job-request.ts";

type Facts = JobRequest["facts"];
type MayaCamera = Facts["cameras"][number];

/** The settings of the Maya scene in Blender's terms; applied by `blender/renderjuice_scene/settings.py`. */
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
  /** The renderable cameras in Maya. The first one that exists in the `.blend` is used. */
  readonly cameras: readonly BlenderCamera[];
}

interface BlenderCamera {
  readonly name: string;
  readonly lensMm: number;
  readonly sensorWidthMm: number;
  readonly sensorHeightMm: number;
  readonly sensorFit: "HORIZONTAL" | "VERTICAL";
  /** Near and far in meters; null if the scene's unit is unknown. */
  readonly clipM: readonly [number, number] | null;
}

export function sceneSettings(facts: Facts): SceneSettings {
  const { frames, resolution } = facts;
  return {
    // Blender only has whole frames.
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

/** Blender has a whole number and a base: 23.976 is exactly 24 / 1.001, so that sound stays in sync. */
export function frameRate(fps: number): SceneSettings["rate"] {
  if (Number.isInteger(fps)) return { fps, base: 1 };
  const whole = Math.round(fps * 1.001);
  if (Math.abs(whole / 1.001 - fps) < 0.002) return { fps: whole, base: 1.001 };
  const above = Math.ceil(fps);
  return { fps: above, base: above / fps };
}

/** Maya has a pixel's width divided by its height. Blender has both, and neither may be below 1. */
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
 * The side of the film back that the image's side matches. Maya's "fill" fits the image into the film back, its
 * "overscan" fits the film back into the image; the other two name the side.
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
