import type { StructValue } from "../dna/struct-value.ts";
import type { Datablock } from "../file/datablock.ts";
import { readCyclesDenoising, readCyclesSamples, readCyclesSettings } from "./cycles-settings.ts";
import { PROPERTY_STRUCTS, type PropertyGroup, readProperties } from "./id-properties.ts";
import { imageFormat, isMovieFormat } from "./image-formats.ts";
import type {
  CompositorFacts,
  MarkerCamera,
  SceneSettings,
  Setting,
  ViewLayerFacts,
} from "./scene-settings.ts";

export const SCENE_STRUCTS = [
  "Scene",
  "ViewLayer",
  "SceneRenderLayer",
  "TimeMarker",
  "Editing",
  "Sequence",
  ...PROPERTY_STRUCTS,
];

const MODE = {
  border: 0x200,
  crop: 0x800,
  motionBlur: 0x4000,
  noOverwrite: 0x400000,
  placeholders: 0x800000,
  simplify: 0x1000000,
  freestyle: 0x2000000,
  persistentData: 0x4000000,
} as const;
const SCENE_MODE = {
  sequencer: 0x1,
  extension: 0x10,
  compositor: 0x40,
  singleLayer: 0x200,
  multiview: 0x200000,
} as const;
const VIEW_LAYER_RENDERS = 0x1;
/** SCE_LAY_DISABLE, up to 2.79 */
const RENDER_LAYER_IS_OFF = 0x8000;
const NO_PROPERTIES: PropertyGroup = new Map();

/** Finds the name of a datablock elsewhere in the file. */
export type FindName = (address: bigint) => string | undefined;

/**
 * A scene's settings. It refers to other datablocks, which may come later in the file: their names are filled in once all
 * are known.
 */
export function readScene(datablock: Datablock, version: number): (nameOf: FindName) => SceneSettings {
  const { root: scene } = datablock;
  const mode = (mask: number) => scene.flag("r.mode", mask) === true;
  const sceneMode = (mask: number) => scene.flag("r.scemode", mask) === true;
  const own = readProperties(datablock, scene.pointer("id.properties"));
  const ofAddons = readProperties(datablock, scene.pointer("id.system_properties"));
  const cycles = groupIn(ofAddons, "cycles") ?? groupIn(own, "cycles") ?? NO_PROPERTIES;
  const engine = scene.text("r.engine");
  const format = imageFormat(scene.number("r.im_format.imtype"));
  const strips = datablock.all("Sequence").length;
  const known = {
    name: datablock.name.name,
    engine,
    frames: {
      start: scene.number("r.sfra") ?? 1,
      end: scene.number("r.efra") ?? 1,
      step: scene.number("r.frame_step") ?? 1,
      current: scene.number("r.cfra") ?? 1,
    },
    framesPerSecond: readFramesPerSecond(scene),
    resolution: {
      width: scene.number("r.xsch") ?? 0,
      height: scene.number("r.ysch") ?? 0,
      percentage: scene.number("r.size") ?? 100,
      pixelAspectX: scene.number("r.xasp") ?? 1,
      pixelAspectY: scene.number("r.yasp") ?? 1,
    },
    border: mode(MODE.border) ? readBorder(scene, mode(MODE.crop)) : undefined,
    output: {
      path: scene.text("r.pic"),
      format,
      isMovie: isMovieFormat(format),
      overwrites: !mode(MODE.noOverwrite),
      usesPlaceholders: mode(MODE.placeholders),
      addsExtension: sceneMode(SCENE_MODE.extension),
    },
    viewLayers: readViewLayers(datablock),
    rendersSingleLayer: sceneMode(SCENE_MODE.singleLayer),
    sequencer: { isUsed: strips > 0 && sceneMode(SCENE_MODE.sequencer), stripCount: strips },
    ...readSampling(datablock, engine, cycles, version),
    cycles: readCyclesSettings(cycles, version),
    usesMotionBlur: mode(MODE.motionBlur),
    usesSimplify: mode(MODE.simplify),
    usesPersistentData: mode(MODE.persistentData),
    usesFreestyle: mode(MODE.freestyle),
    usesMultiview: sceneMode(SCENE_MODE.multiview),
    properties: plainValues(own),
  };
  const [camera, background] = [scene.pointer("camera"), scene.pointer("set")];
  const markers = readMarkers(datablock);
  const compositor = readCompositor(scene, sceneMode(SCENE_MODE.compositor));
  return (nameOf) => ({
    ...known,
    camera: nameOf(camera),
    markerCameras: markers.map((withCamera) => withCamera(nameOf)),
    compositor: compositor(nameOf),
    backgroundScene: nameOf(background),
  });
}

function readFramesPerSecond(scene: StructValue): number | undefined {
  const perSecond = (scene.number("r.frs_sec") ?? 0) / (scene.number("r.frs_sec_base") ?? 1);
  return Number.isFinite(perSecond) && perSecond > 0 ? perSecond : undefined;
}

function readBorder(scene: StructValue, isCropped: boolean) {
  return {
    left: scene.number("r.border.xmin") ?? 0,
    right: scene.number("r.border.xmax") ?? 1,
    bottom: scene.number("r.border.ymin") ?? 0,
    top: scene.number("r.border.ymax") ?? 1,
    isCropped,
  };
}

function readViewLayers(datablock: Datablock): ViewLayerFacts[] {
  const layers = datablock.all("ViewLayer").map((layer) => ({
    name: layer.text("name"),
    isRendered: layer.flag("flag", VIEW_LAYER_RENDERS) === true,
  }));
  if (layers.length > 0) return layers;
  return datablock.all("SceneRenderLayer").map((layer) => ({
    name: layer.text("name"),
    isRendered: layer.flag("layflag", RENDER_LAYER_IS_OFF) === false,
  }));
}

function readMarkers(datablock: Datablock): ((nameOf: FindName) => MarkerCamera)[] {
  return datablock.all("TimeMarker").flatMap((struct) => {
    const camera = struct.pointer("camera");
    if (camera === 0n) return [];
    const marker = { frame: struct.number("frame") ?? 0, marker: struct.text("name") };
    return (nameOf: FindName) => ({ ...marker, camera: nameOf(camera) });
  });
}

/** Blender 5 has a node group; before, the nodes belonged to the scene and had a switch. */
function readCompositor(scene: StructValue, isOn: boolean): (nameOf: FindName) => CompositorFacts {
  const group = scene.pointer("compositing_node_group");
  const hasNodes = scene.has("compositing_node_group")
    ? group !== 0n
    : scene.number("use_nodes") !== 0 && scene.pointer("nodetree") !== 0n;
  return (nameOf) => ({ isUsed: isOn && hasNodes, nodeGroup: nameOf(group) });
}

function readSampling(
  datablock: Datablock,
  engine: string,
  cycles: PropertyGroup,
  version: number,
): Pick<SceneSettings, "samples" | "denoising"> {
  const unknown: Setting<never> = { value: undefined, from: "unknown" };
  if (engine === "CYCLES") {
    return {
      samples: readCyclesSamples(cycles, version),
      denoising: readCyclesDenoising(cycles, cyclesOfLayers(datablock), version),
    };
  }
  const samples = datablock.root.number("eevee.taa_render_samples");
  const isStored = engine.startsWith("BLENDER_EEVEE") && samples !== undefined;
  return { samples: isStored ? { value: samples, from: "stored" } : unknown, denoising: unknown };
}

function cyclesOfLayers(datablock: Datablock): PropertyGroup[] {
  const layers = [...datablock.all("ViewLayer"), ...datablock.all("SceneRenderLayer")];
  return layers.flatMap((layer) => {
    const properties = readProperties(datablock, layer.pointer("id_properties", "prop"));
    return groupIn(properties, "cycles") ?? [];
  });
}

function groupIn(properties: PropertyGroup, key: string): PropertyGroup | undefined {
  const value = properties.get(key);
  return typeof value === "object" ? value : undefined;
}

function plainValues(properties: PropertyGroup): Record<string, string | number | boolean> {
  return Object.fromEntries(
    [...properties].flatMap(([key, value]) => (typeof value === "object" ? [] : [[key, value] as const])),
  );
}
