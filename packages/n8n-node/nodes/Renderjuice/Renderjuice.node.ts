import {
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  NodeConnectionTypes,
} from "n8n-workflow";
import { jobResource } from "./job/index.ts";
import { outputResource } from "./output/index.ts";
import { sceneResource } from "./scene/index.ts";
import { toNodeError } from "./shared/errors.ts";
import { searchJobs } from "./shared/list-search.ts";
import { describeResource, findOperation } from "./shared/operation.ts";
import { runItems } from "./shared/run-items.ts";

const RESOURCES = [jobResource, outputResource, sceneResource];

export class Renderjuice implements INodeType {
  description: INodeTypeDescription = {
    displayName: "Renderjuice",
    name: "renderjuice",
    icon: { light: "file:../../icons/renderjuice.svg", dark: "file:../../icons/renderjuice.dark.svg" },
    group: ["transform"],
    version: [1],
    subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
    description: "Render Blender scenes on the Renderjuice render farm",
    defaults: { name: "Renderjuice" },
    usableAsTool: true,
    inputs: [NodeConnectionTypes.Main],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: "renderjuiceApi", required: true }],
    properties: [
      {
        displayName: "Resource",
        name: "resource",
        type: "options",
        noDataExpression: true,
        options: RESOURCES.map(({ name, value }) => ({ name, value })),
        default: "job",
      },
      ...RESOURCES.flatMap(describeResource),
    ],
  };

  methods = { listSearch: { searchJobs } };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    try {
      return [await runItems(this, (itemIndex) => findOperation(RESOURCES, this, itemIndex))];
    } catch (error) {
      throw toNodeError(this.getNode(), error);
    }
  }
}
