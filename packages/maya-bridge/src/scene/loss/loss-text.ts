import type { Loss, LossReport } from "./loss-report.ts";

const TITLES = { major: "LOST", minor: "MAY LOOK DIFFERENT" } as const;

/** The report as text. */
export function lossText(report: LossReport): string {
  const objects = Object.entries(report.objects).map(([type, number]) => `${number} ${type.toLowerCase()}`);
  return [
    `${report.sources.join(", ")} in Blender ${report.blender}: ${objects.join(", ") || "nothing"}.`,
    ...report.losses.map(describeLoss),
    describeMaterials(report),
    ...(report.animation ? [`Keys from frame ${report.animation.start} to ${report.animation.end}.`] : []),
  ]
    .filter(Boolean)
    .join("\n\n");
}

function describeLoss({ severity, message, subjects, advice, id }: Loss): string {
  return [
    `${TITLES[severity]}: ${message} [${id}]`,
    ...subjects.map((subject) => `- ${subject}`),
    `→ ${advice}`,
  ].join("\n");
}

function describeMaterials({ materials }: LossReport): string {
  if (materials.length === 0) return "";
  const lines = materials.map(({ name, mayaType, shader, textures }) => {
    const before = mayaType === null ? "" : `${mayaType} → `;
    const carried = textures.length > 0 ? `: ${textures.join("; ")}` : "";
    return `- ${name}: ${before}${shader?.replace("ShaderNodeBsdf", "") ?? "no surface"}${carried}`;
  });
  return ["Materials:", ...lines].join("\n");
}
