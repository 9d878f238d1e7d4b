import type { FbxFacts } from "../fbx/fbx-facts.ts";
import type { UnreadKind } from "../fbx/fbx-unread.ts";
import { IN_BLENDER, major, minor, type Rule } from "./rule.ts";

interface UnreadText {
  readonly severity: "major" | "minor";
  readonly message: string;
  readonly advice: string;
}

const AS_CACHE = "Export the deformation as a cache: Alembic, or USD.";
const BAKE = "Bake the animation at each frame before the export: in the FBX options, Bake Animation.";
/** Animation that Blender's importers read; visibility is handled here. */
const READ_WITH_TIME = [
  "Lcl Translation",
  "Lcl Rotation",
  "Lcl Scaling",
  "DeformPercent",
  "FocalLength",
  "FocusDistance",
  "DiffuseColor",
  "Visibility",
];
/** Beyond this, Blender turns the other way round, or not at all. */
const HALF_TURN = 180;
/** Times are rounded in the export. */
const FRAME_TOLERANCE = 1.01;

const UNREAD: Readonly<Record<UnreadKind, UnreadText>> = {
  surfaces: {
    severity: "major",
    message: "NURBS surfaces were not imported.",
    advice: "Convert them to polygons before the export: Modify > Convert > NURBS to Polygons.",
  },
  curves: {
    severity: "minor",
    message: "Curves were not imported. If a renderer draws them in Maya, they are missing from the frames.",
    advice: "Before the export, convert those that should be visible to polygons.",
  },
  "lod-groups": {
    severity: "major",
    message: "All levels of detail are rendered at once, one inside the other.",
    advice: "Export only the level that should be visible, or hide the others.",
  },
  "smooth-meshes": {
    severity: "major",
    message: "Smooth mesh preview was not imported: these meshes look faceted.",
    advice: "Smooth them before the export: in the FBX options, Smooth Mesh; or Modify > Convert.",
  },
  "vertex-caches": {
    severity: "major",
    message: "Vertex caches were not imported: these meshes do not deform.",
    advice: AS_CACHE,
  },
  "skin-method": {
    severity: "major",
    message: "Dual quaternion skinning became linear: twisted joints lose volume.",
    advice: AS_CACHE,
  },
  "skin-transforms": {
    severity: "major",
    message: "Skinned meshes are animated and also follow their joints: in Blender the two add up.",
    advice: `Remove the keys of these meshes, or turn off their Inherits Transform. ${AS_CACHE}`,
  },
  "scale-inheritance": {
    severity: "major",
    message:
      "In Blender these inherit the scale of their parents; in Maya they do not (segment scale compensate).",
    advice: AS_CACHE,
  },
  "stereo-cameras": {
    severity: "major",
    message: "Stereo cameras were not imported.",
    advice: "Export the left or the right camera as a camera without a rig.",
  },
  takes: {
    severity: "major",
    message: "The export has several takes; only one of them is rendered.",
    advice: "Export the one that should be rendered.",
  },
  "unknown-content": {
    severity: "major",
    message: "The export contains things that this version does not know. Assume that they are lost.",
    advice: `Render one frame and check it. If something is missing, leave it out of the export. ${IN_BLENDER}`,
  },
};

/** What the export contains that Blender does not read, or reads as something else. */
export const checkUnread: Rule = ({ sources }) => {
  const all = [...sources.values()].flatMap(({ unread }) => unread);
  return Object.entries(Object.groupBy(all, ({ kind }) => kind)).flatMap(([kind, entries = []]) => {
    const { severity, message, advice } = UNREAD[kind as UnreadKind];
    const subjects = entries.map(({ subject }) => subject);
    return (severity === "major" ? major : minor)(kind, message, subjects, advice);
  });
};

/** The FBX add-on imports only the keys, with linear interpolation between them. */
export const checkKeys: Rule = ({ request, sources }) => {
  const moving = [...sources.values()].flatMap((source) => source.moving);
  const [read, unread] = [moving.filter(isRead), moving.filter((property) => !isRead(property))];
  const frameSeconds = FRAME_TOLERANCE / request.facts.fps;
  const bent = read.filter(
    ({ curve, property }) =>
      curve.longestBendSeconds > frameSeconds ||
      (property === "Lcl Rotation" &&
        curve.longestGapSeconds > frameSeconds &&
        curve.largestStep >= HALF_TURN),
  );
  return [
    ...told(
      "key-interpolation",
      "Motion between keys is linear: the curves were not imported.",
      bent.filter(({ property }) => property !== "Visibility"),
    ),
    ...told(
      "key-infinity",
      "Motion stops at the last key, or starts at the first one, where Maya continues it (pre and post infinity).",
      read.filter(({ curve }) => curve.hasInfinity),
    ),
    ...told("animation-unread", "Animation was not imported: these values stay constant.", unread),
  ];
};

type Moving = FbxFacts["moving"][number];

const isRead = ({ property }: Moving) => READ_WITH_TIME.includes(property);

function told(id: string, message: string, moving: readonly Moving[]) {
  const subjects = new Set(moving.map(({ name, property }) => `${name}: ${property.replace("Lcl ", "")}`));
  return subjects.size === 0 ? [] : major(id, message, [...subjects], BAKE);
}
