import { summary } from "@actions/core";
import { expandFrames, type RenderConfig } from "@renderjuice/core";
import { compactFrames, count, formatDuration, nameFiles, terminalLine } from "@renderjuice/core/adapter";
import type { Inputs } from "./inputs.ts";
import { describeOutcome, isSuccess } from "./outcome.ts";
import { describeMissing } from "./outputs.ts";
import type { SceneRun } from "./scene-run.ts";

/** GitHub drops a summary that is larger than 1 MiB. */
const MAX_BYTES = 1_000_000;
const MAX_ROWS = 200;
/** Longer cells make the table unreadable. */
const MAX_CELL_CHARACTERS = 300;
const MAX_REASON_CHARACTERS = 2000;
const MAX_PICTURES = 12;
/** Browsers do not take longer ones. */
const MAX_URL_CHARACTERS = 2000;
const ICONS: Readonly<Record<string, string>> = {
  completed: "✅",
  failed: "❌",
  submitted: "🎬",
  detached: "🎬",
};

/** Writes a table with a row per scene to the job summary; below it, what went wrong and what to do. */
export async function writeSummary(runs: readonly SceneRun[], inputs: Inputs): Promise<void> {
  const sorted = [...runs].sort((a, b) => Number(isSuccess(a)) - Number(isSuccess(b)));
  // As many rows as fit, however long names, reasons and settings are.
  for (let rows = Math.min(MAX_ROWS, runs.length); ; rows = Math.floor(rows / 2)) {
    addScenes(sorted, rows, inputs);
    if (rows === 0 || Buffer.byteLength(summary.stringify()) <= MAX_BYTES) break;
    summary.emptyBuffer();
  }
  await summary.write();
}

function addScenes(runs: readonly SceneRun[], rows: number, inputs: Inputs): void {
  const shown = runs.slice(0, rows);
  const header = ["Scene", "Status", "Frames", "Render time", "Settings", "Job"];
  const settings = describeSettings(inputs);
  summary
    .addHeading("Renderjuice", 3)
    .addTable([header.map((data) => ({ data, header: true })), ...shown.map((run) => rowOf(run, settings))]);
  if (shown.length < runs.length)
    summary.addRaw(`… and ${count(runs.length - shown.length, "more scene")}.`, true);
  const unsuccessful = shown.filter((run) => !isSuccess(run));
  if (unsuccessful.length > 0)
    summary.addList(
      unsuccessful.map(
        (run) => `<b>${cell(run.name)}</b>: ${cell(describeOutcome(run), MAX_REASON_CHARACTERS)}`,
      ),
    );
  const incomplete = shown.filter((run) => run.error === undefined && run.missingFiles.length > 0);
  if (incomplete.length > 0) summary.addList(incomplete.map(describeMissingFiles));
  addPictures(shown);
  if (runs.some(({ downloads }) => downloads)) summary.addRaw(describeFiles(inputs), true);
}

function rowOf(run: SceneRun, settings: string): string[] {
  const { name, status = "failed", jobId, job, isResumed } = run;
  const seconds = job?.normalizedSeconds;
  return [
    code(name),
    `${ICONS[status] ?? "⚠️"} ${status}${isResumed ? " (attached)" : ""}`,
    describeFrames(run),
    typeof seconds === "number" ? formatDuration(seconds * 1000) : "",
    settings,
    jobId ? code(jobId) : "",
  ];
}

function describeMissingFiles({ name, missingFiles }: SceneRun): string {
  const files = `rendered without ${count(missingFiles.length, "file")} that the scene uses: ${nameFiles(missingFiles)}`;
  return `⚠️ <b>${cell(name)}</b>: ${cell(files, MAX_REASON_CHARACTERS)}`;
}

function describeFrames(run: SceneRun): string {
  const missing = describeMissing(run);
  return cell(`${run.renderedFrames ?? ""}${missing ? `, missing ${missing}` : ""}`);
}

function describeSettings({ frames, settings }: Inputs): string {
  const { outputSettings, ...rest }: Partial<RenderConfig> = settings;
  const named = {
    ...(frames && { frames: compactFrames(expandFrames(frames)) }),
    ...rest,
    ...outputSettings,
  };
  return Object.entries(named)
    .map(([name, value]) => cell(`${name}: ${value}`))
    .join("<br>");
}

/** The URL of other pictures is signed: it would expire, and anyone who has it can use it. */
function addPictures(runs: readonly SceneRun[]): void {
  const pictures = runs.filter(({ job }) => isPublicUrl(job?.previewUrl)).slice(0, MAX_PICTURES);
  for (const { name, job } of pictures)
    summary.addImage(escapeHtml(job?.previewUrl ?? ""), cell(name), { width: "320" });
}

export function isPublicUrl(url: string | null | undefined): boolean {
  if (!url || url.length > MAX_URL_CHARACTERS || !URL.canParse(url)) return false;
  const { protocol, search, hash, username } = new URL(url);
  return protocol === "https:" && search === "" && hash === "" && username === "";
}

function describeFiles({ "output-dir": folder }: Inputs): string {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = process.env;
  const run = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}#artifacts`;
  return `Frames and contact sheet: ${code(folder)}. If a later step uploads them, they are among <a href="${run}">the artifacts of this run</a>.`;
}

function code(text: string): string {
  return `<code>${cell(text)}</code>`;
}

function cell(text: string, maxCharacters = MAX_CELL_CHARACTERS): string {
  return escapeHtml(text.length > maxCharacters ? `${text.slice(0, maxCharacters)} …` : text);
}

/** On one line: in Markdown, a blank line ends HTML, and the next one could be a heading, a link or a picture. */
function escapeHtml(text: string): string {
  return terminalLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
