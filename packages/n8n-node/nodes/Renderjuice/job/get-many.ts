import { JOB_STATUSES } from "@renderjuice/core";
import type { INodeProperties } from "n8n-workflow";
import { simplifyField } from "../shared/fields.ts";
import { Fields, type Operation, type OperationResult } from "../shared/operation.ts";
import { simplifyJob, toJson } from "../shared/simplify.ts";

const returnAllField: INodeProperties = {
  displayName: "Return All",
  name: "returnAll",
  type: "boolean",
  default: false,
  description: "Whether to return all results or only up to a given limit",
};

const limitField: INodeProperties = {
  displayName: "Limit",
  name: "limit",
  type: "number",
  typeOptions: { minValue: 1 },
  default: 50,
  description: "Max number of results to return",
  displayOptions: { show: { returnAll: [false] } },
};

const filtersField: INodeProperties = {
  displayName: "Filters",
  name: "filters",
  type: "collection",
  placeholder: "Add Filter",
  default: {},
  options: [
    {
      displayName: "Status",
      name: "status",
      type: "options",
      options: JOB_STATUSES.map((value) => ({ name: title(value), value })).sort((a, b) =>
        a.name.localeCompare(b.name),
      ),
      default: "completed",
      description: "Only jobs with this status",
    },
  ],
};

function title(status: string): string {
  return status.charAt(0).toUpperCase() + status.slice(1);
}

export const getManyJobs: Operation = {
  value: "getAll",
  name: "Get Many",
  action: "Get many jobs",
  description: "List the jobs of the workspace",
  properties: [returnAllField, limitField, filtersField, simplifyField],
  async run(call) {
    const fields = new Fields(call);
    const limit = fields.flag("returnAll") ? Number.POSITIVE_INFINITY : fields.number("limit");
    const status = String(fields.collection("filters").status ?? "");
    const query = { pageSize: Math.min(limit, 100), ...(status && { status }) };
    const results: OperationResult[] = [];
    for await (const job of call.client.jobs.listAll(query, { signal: call.signal })) {
      // A server that does not know the filter gives all jobs.
      if (status && job.status !== status) continue;
      results.push({ json: fields.flag("simplify") ? simplifyJob(job) : toJson(job) });
      if (results.length >= limit) break;
    }
    return results;
  },
};
