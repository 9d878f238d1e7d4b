import { JOB_STATUSES } from "@renderjuice/core/adapter";
import type { INodeProperties } from "n8n-workflow";
import { findChoice, isBlank } from "../shared/field-values.ts";
import { limitField, returnAllField, simplifyField } from "../shared/fields.ts";
import { Fields, readLimit } from "../shared/fields-of-item.ts";
import type { Operation, OperationResult } from "../shared/operation.ts";
import { simplifyJob, toJson } from "../shared/simplify.ts";
import { statusOptions } from "../shared/status-options.ts";

const statusField: INodeProperties = {
  displayName: "Status",
  name: "status",
  type: "options",
  options: statusOptions(JOB_STATUSES),
  default: "completed",
  description: "Return only jobs with this status",
};

const filtersField: INodeProperties = {
  displayName: "Filters",
  name: "filters",
  type: "collection",
  placeholder: "Add Filter",
  default: {},
  options: [statusField],
};

export const getManyJobs: Operation = {
  value: "getAll",
  name: "Get Many",
  action: "Get many jobs",
  description: "List the jobs of the workspace",
  properties: [returnAllField, limitField, filtersField, simplifyField],
  async run(call) {
    const fields = new Fields(call);
    const limit = readLimit(fields);
    const { status: wanted } = fields.collection("filters");
    const status = isBlank(wanted) ? undefined : (findChoice(statusField, wanted) ?? String(wanted));
    const query = { pageSize: Math.min(limit, 100), status };
    const isSimplified = fields.flag("simplify");
    const results: OperationResult[] = [];
    for await (const job of call.client.jobs.list(query, { signal: call.signal })) {
      results.push({ json: isSimplified ? simplifyJob(job) : toJson(job) });
      if (results.length >= limit) break;
    }
    return results;
  },
};
