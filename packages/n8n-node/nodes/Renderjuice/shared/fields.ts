import type { INodeProperties } from "n8n-workflow";

const JOB_URL = "https?://.*?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}).*";

export const jobField: INodeProperties = {
  displayName: "Job",
  name: "jobId",
  type: "resourceLocator",
  default: { mode: "list", value: "" },
  required: true,
  description: "The job on the render farm",
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
      validation: [{ type: "regex", properties: { regex: "\\S+", errorMessage: "Enter a job ID" } }],
    },
    {
      displayName: "By URL",
      name: "url",
      type: "string",
      placeholder: "e.g. https://www.renderjuice.com/jobs/6f1c1f0e-8d2b-4a57-9b0a-3f3f8f1d2c11",
      hint: "Any URL that contains the job ID",
      extractValue: { type: "regex", regex: JOB_URL },
      validation: [
        { type: "regex", properties: { regex: JOB_URL, errorMessage: "This URL does not contain a job ID" } },
      ],
    },
  ],
};

export const inputBinaryField: INodeProperties = {
  displayName: "Input Binary Field",
  name: "inputBinaryField",
  type: "string",
  default: "data",
  required: true,
  hint: "The name of the input field that contains the .blend, or the .zip with a .blend and its textures",
};

export const slugField: INodeProperties = {
  displayName: "Slug",
  name: "slug",
  type: "string",
  default: "",
  required: true,
  placeholder: "e.g. 10509f64215e6346cf2d07e1",
  description: "Identifies a file that was uploaded before. Scene > Upload returns it.",
};

export const framesField: INodeProperties = {
  displayName: "Frames",
  name: "frames",
  type: "string",
  default: "",
  placeholder: "e.g. 1-250 or 1,5,9 or 1-100x5",
  description: "Frames to render. Leave empty for the frame range of the scene.",
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

export const returnAllField: INodeProperties = {
  displayName: "Return All",
  name: "returnAll",
  type: "boolean",
  default: false,
  description: "Whether to return all results or only up to a given limit",
};

export const limitField: INodeProperties = {
  displayName: "Limit",
  name: "limit",
  type: "number",
  typeOptions: { minValue: 1, numberPrecision: 0 },
  default: 50,
  description: "Max number of results to return",
  displayOptions: { show: { returnAll: [false] } },
};

export const timeLimitField: INodeProperties = {
  displayName: "Time Limit (Minutes)",
  name: "timeLimitMinutes",
  type: "number",
  typeOptions: { minValue: 0 },
  default: 5,
  description:
    "Maximum time to wait; 0 means no limit. Waiting here occupies an n8n worker: for long renders, use a loop with a Wait node, or a trigger.",
};

export const onTimeLimitField: INodeProperties = {
  displayName: "When Time Is Up",
  name: "onTimeLimit",
  type: "options",
  options: [
    { name: "Return the Job", value: "continue" },
    { name: "Stop With Error", value: "error" },
  ],
  default: "continue",
  description:
    "What to do if the job has not reached that step by then. The job itself continues in both cases.",
};

export const requireCompleteField: INodeProperties = {
  displayName: "Require Complete Scene",
  name: "requireComplete",
  type: "boolean",
  default: false,
  description:
    "Whether to stop with an error, before anything is rendered or billed, if the farm does not find a texture or another file that the scene uses",
};

export const cancelOnStopField: INodeProperties = {
  displayName: "Cancel Job on Stop",
  name: "cancelOnStop",
  type: "boolean",
  default: false,
  description:
    "Whether to also cancel the job on the farm if the execution is stopped while this node is running. n8n does not notify a sub-workflow when its parent is stopped, so the job continues then.",
};
