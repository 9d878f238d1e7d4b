import { count, terminalLine } from "@renderjuice/core/adapter";
import type { Dependency, SceneFacts, SceneInspection, SceneSettings } from "@renderjuice/core/node";

/** A page about a scene, for people. Everything in it comes from the file, so each line is made safe to print. */
export function describeInspection(name: string, { facts, dependencies }: SceneInspection): string {
  return [
    `${name}: Blender ${facts.version.major}.${facts.version.minor}${describeStorage(facts)}`,
    ...activeFirst(facts).flatMap((scene) => describeScene(scene, scene.name === facts.activeScene)),
    ...describeFiles(dependencies),
    ...describeScripts(facts),
    ...facts.fileOutputs
      .filter(({ isMuted }) => !isMuted)
      .map(({ path, node }) => `Compositor writes ${path} (${node})`),
  ]
    .map(terminalLine)
    .join("\n");
}

function activeFirst({ scenes, activeScene }: SceneFacts): SceneSettings[] {
  return scenes.toSorted((a, b) => Number(b.name === activeScene) - Number(a.name === activeScene));
}

function describeStorage({ compression, isBigEndian }: SceneFacts): string {
  return `${compression === "none" ? "" : `, ${compression}`}${isBigEndian ? ", big-endian" : ""}`;
}

function describeScene(scene: SceneSettings, isActive: boolean): string[] {
  const { engine, frames, framesPerSecond: fps, resolution, output } = scene;
  const { width, height, percentage } = resolution;
  const cameras = [scene.camera, ...scene.markerCameras.map(({ camera }) => camera)].filter(
    (camera) => camera !== undefined,
  );
  const rendered = scene.viewLayers.filter(({ isRendered }) => isRendered).map((layer) => layer.name);
  const extras = [
    scene.compositor.isUsed && "compositor",
    scene.sequencer.isUsed && `sequencer (${count(scene.sequencer.stripCount, "strip")})`,
    scene.usesMotionBlur && "motion blur",
    scene.usesMultiview && "several views",
    scene.usesSimplify && "simplify",
  ].filter(Boolean);
  return [
    "",
    `Scene ${scene.name}${isActive ? " (active)" : ""}`,
    row("engine", `${engine}${describeSetting(scene.samples, (value) => `${value} samples`)}`),
    row(
      "frames",
      `${frames.start}-${frames.end}${frames.step > 1 ? ` step ${frames.step}` : ""}${fps === undefined ? "" : `, ${Number(fps.toFixed(3))} fps`}`,
    ),
    row("size", `${width}x${height}${percentage === 100 ? "" : ` at ${percentage}%`}`),
    row("camera", cameras.length === 0 ? "none" : [...new Set(cameras)].join(", ")),
    row(
      "output",
      `${output.path} as ${output.format ?? "an unknown format"}${output.overwrites ? "" : ", does not overwrite"}`,
    ),
    row("layers", rendered.length === 0 ? "none is rendered" : rendered.join(", ")),
    ...(extras.length > 0 ? [row("uses", extras.join(", "))] : []),
  ];
}

function describeSetting<Value>(
  { value, from }: { readonly value: Value | undefined; readonly from: string },
  write: (value: Value) => string,
): string {
  if (value === undefined) return "";
  return `, ${write(value)}${from === "default" ? " (Blender's default)" : ""}`;
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(8)}${text}`;
}

function describeFiles(dependencies: readonly Dependency[]): string[] {
  if (dependencies.length === 0) return ["", "No files outside."];
  const missing = dependencies.filter((dependency) => dependency.missing.length > 0).length;
  const packed = dependencies.filter(({ isPacked }) => isPacked).length;
  const width = Math.max(...dependencies.map(({ kind }) => kind.length));
  const notes = [packed > 0 && `${packed} packed`, missing > 0 && `${missing} missing`].filter(Boolean);
  return [
    "",
    `${count(dependencies.length, "file")}${notes.length > 0 ? `: ${notes.join(", ")}` : ""}`,
    ...dependencies.map((dependency) => describeFile(dependency, width)),
  ];
}

function describeFile(dependency: Dependency, width: number): string {
  const { kind, owner, path, isPacked, missing, found, otherCase, problem } = dependency;
  const mark = missing.length > 0 || problem !== undefined ? "✖" : isPacked ? "◆" : "✔";
  const notes = [
    isPacked && "packed",
    otherCase !== undefined && `on disk it is ${otherCase}`,
    missing.length > 0 &&
      otherCase === undefined &&
      (found.length > 0 ? `${missing.length} missing` : "missing"),
    found.length > 1 && `${found.length} files`,
    problem,
  ].filter(Boolean);
  return `  ${mark} ${kind.padEnd(width)}  ${path}  ${owner.type} "${owner.name}"${notes.length > 0 ? `: ${notes.join(", ")}` : ""}`;
}

function describeScripts({ texts, pythonDrivers }: SceneFacts): string[] {
  const scripts = texts.filter(({ runsOnLoad }) => runsOnLoad).map(({ name }) => `text "${name}"`);
  const drivers = pythonDrivers.map(
    ({ owner, expression }) => `driver ${expression} of ${owner.type} "${owner.name}"`,
  );
  const all = [...scripts, ...drivers];
  return all.length === 0
    ? []
    : ["", "Python that runs when the file is opened", ...all.map((one) => `  ${one}`)];
}
