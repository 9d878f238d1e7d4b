import type { INodeProperties } from "n8n-workflow";

export const jobField: INodeProperties = {
  displayName: "Job",
  name: "jobId",
  type: "resourceLocator",
  default: { mode: "list", value: "" },
  required: true,
  description: "The job on the farm",
  modes: [
    {
      displayName: "From List",
      name: "list",
      type: "list",
      typeOptions: { searchListMethod: "searchJobs", searchable: true },
    },
    {
      displayName: "By ID",
      name: "id",
      type: "string",
      placeholder: "e.g. 6f1c1f0e-8d2b-4a57-9b0a-3f3f8f1d2c11",
      validation: [{ type: "regex", properties: { regex: "\\S+", errorMessage: "A job ID is needed" } }],
    },
  ],
};

export const inputBinaryField: INodeProperties = {
  displayName: "Input Binary Field",
  name: "inputBinaryField",
  type: "string",
  default: "data",
  required: true,
  hint: "The name of the input field that holds the .blend, or the .zip with a .blend and its textures",
};

export const slugField: INodeProperties = {
  displayName: "Slug",
  name: "slug",
  type: "string",
  default: "",
  required: true,
  placeholder: "e.g. ={{ $json.slug }}",
  description: "Names a file that was uploaded before; Scene > Upload gives it out",
};

export const framesField: INodeProperties = {
  displayName: "Frames",
  name: "frames",
  type: "string",
  default: "",
  placeholder: "e.g. 1-250 or 1,5,9 or 1-100x5",
  description: "Frames to render. Empty means the range of the scene.",
};

export const outputBinaryField: INodeProperties = {
  displayName: "Put Output File in Field",
  name: "outputBinaryField",
  type: "string",
  default: "data",
  required: true,
  hint: "The name of the output binary field to put the file in",
};

export const simplifyField: INodeProperties = {
  displayName: "Simplify",
  name: "simplify",
  type: "boolean",
  default: true,
  description: "Whether to return a simplified version of the response instead of the raw data",
};

export const timeLimitField: INodeProperties = {
  displayName: "Time Limit (Minutes)",
  name: "timeLimitMinutes",
  type: "number",
  typeOptions: { minValue: 0 },
  default: 5,
  description:
    "How long to wait at most; 0 means no limit. A wait here holds an n8n worker: for long renders use a loop with a Wait node, or a trigger.",
};

export const onTimeLimitField: INodeProperties = {
  displayName: "When the Time Limit Is Over",
  name: "onTimeLimit",
  type: "options",
  options: [
    { name: "Continue With the Job's Status", value: "continue" },
    { name: "Stop With an Error", value: "error" },
  ],
  default: "continue",
  description: "What to do when the job is not there yet. The job itself goes on in both cases.",
};

export const requireCompleteField: INodeProperties = {
  displayName: "Require Complete Scene",
  name: "requireComplete",
  type: "boolean",
  default: false,
  description:
    "Whether to stop with an error, before the render and before anything is paid for, when the farm does not find a texture or another file that the scene uses",
};

export const cancelOnStopField: INodeProperties = {
  displayName: "Cancel Job When Execution Is Stopped",
  name: "cancelOnStop",
  type: "boolean",
  default: false,
  description: "Whether stopping the execution while this node works cancels the job on the farm too",
};
