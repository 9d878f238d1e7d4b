import { readFile } from "node:fs/promises";
import { ConfigError } from "@renderjuice/core";
import { nearest } from "@renderjuice/core/adapter";
import { isMap, isScalar, LineCounter, type Node, type ParsedNode, parseDocument } from "yaml";
import type * as z from "zod/v4";
import { type Rule, rulesSchema } from "./rule.ts";

type RulesDocument = ReturnType<typeof parseDocument<ParsedNode>>;

/**
 * Reads rules from YAML; JSON is YAML.
 *
 * @throws ConfigError with a line for each problem and its place
 */
export async function readRules(path: string): Promise<Rule[]> {
  const text = await readFile(path, "utf8").catch((cause) => {
    throw invalid(`Could not read the rules in ${path} (${cause.code}).`, "Check the path after --rules.");
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  if (document.errors.length > 0)
    throw badRules(document.errors.map(({ pos, message }) => `${at(pos[0])}: ${message}`));
  const { data, error } = rulesSchema.safeParse(document.toJS());
  if (data) return data.rules;
  throw badRules(error.issues.map((issue) => describeIssue(issue, document, at)));
}

function describeIssue(
  issue: z.core.$ZodIssue,
  document: RulesDocument,
  at: (offset: number) => string,
): string {
  const path = issue.path as (string | number)[];
  if (issue.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    return `${at(offsetOfKey(document, path, key))}: ${placeOf([...path, key])} is not a known key.`;
  }
  const given = document.getIn(path);
  const likely =
    issue.code === "invalid_value" && typeof given === "string"
      ? nearest(given, issue.values.map(String))
      : undefined;
  const advice = likely === undefined ? "" : ` Did you mean ${likely}?`;
  return `${at(offsetOf(document, path))}: ${placeOf(path)}: ${issue.message}.${advice}`;
}

/** The offset of the node, or of the nearest one around it if it is missing. */
function offsetOf(document: RulesDocument, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as Node | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}

function offsetOfKey(document: RulesDocument, path: readonly (string | number)[], key: string): number {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(map)
    ? map.items.find((item) => isScalar(item.key) && item.key.value === key)
    : undefined;
  return (pair?.key as Node | undefined)?.range?.[0] ?? offsetOf(document, path);
}

/** Such as `rules[0].when.event`. */
function placeOf(path: readonly (string | number)[]): string {
  const place = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
  return place.replace(/^\./, "") || "The file";
}

function badRules(problems: readonly string[]): ConfigError {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  return invalid(
    `The rules have ${count}.\n${problems.join("\n")}`,
    "A rule reads: when: {event: onRenderComplete}, do: release, deadlineJobs: [66a0c1f2e4b0d5a1c2d3e4f5]",
  );
}

function invalid(message: string, hint: string): ConfigError {
  return new ConfigError({ code: "invalid_option", option: "rules", message, hint });
}
