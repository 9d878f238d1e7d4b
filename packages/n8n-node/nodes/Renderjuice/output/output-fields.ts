import { expandFrames } from "@renderjuice/core";
import type { OutputFilter, OutputKind } from "@renderjuice/core/adapter";
import type { INodeProperties } from "n8n-workflow";
import type { Fields } from "../shared/fields-of-item.ts";

export const filesField: INodeProperties = {
  displayName: "Files",
  name: "files",
  type: "options",
  options: [
    { name: "All Files", value: "all", description: "Frames, compositor outputs and videos, one by one" },
    { name: "Selected Frames", value: "frames", description: "Only the frames listed below" },
    { name: "ZIP", value: "zip", description: "The archives of all frames that the farm creates" },
  ],
  default: "all",
  description: "Which files of the job to return",
};

export const selectedFramesField: INodeProperties = {
  displayName: "Frames",
  name: "frames",
  type: "string",
  default: "",
  required: true,
  placeholder: "e.g. 1-250 or 1,5,9 or 1-100x5",
  description: "Frames to return",
  displayOptions: { show: { files: ["frames"] } },
};

const ARCHIVES: readonly OutputKind[] = ["framesZip", "compositeNodesZip"];

export function readFilter(fields: Fields): OutputFilter {
  const files = fields.choice("files");
  if (files === "zip") return { kinds: ARCHIVES };
  if (files !== "frames") return {};
  return { kinds: ["frame", "compositeNode"], frames: expandFrames(fields.frames("frames") ?? "") };
}
