import { createHash } from "node:crypto";
import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import type { FunctionDefinition } from "@actions/expressions/funcs/info";
import type { Conclusion, Values } from "./step-result.ts";

/** `github`, `env`, `steps`, … */
export type Contexts = Readonly<Record<string, unknown>>;

/** What `success()`, `failure()` and `cancelled()` return. */
export interface Status {
  readonly success: boolean;
  readonly failure: boolean;
  readonly cancelled: boolean;
}

export function statusOf(conclusion: Conclusion): Status {
  return {
    success: conclusion === "success",
    failure: conclusion === "failure",
    cancelled: conclusion === "cancelled",
  };
}

export interface Scope {
  /** As on GitHub, any other name is an error. */
  readonly contexts: Contexts;
  readonly status: Status;
  /** Where `hashFiles()` looks. */
  readonly workspace?: string;
}

const STATUS_FUNCTIONS = ["success", "failure", "cancelled", "always"];
/** A string literal may contain braces. */
const PLACEHOLDER = /\$\{\{((?:'(?:[^']|'')*'|[^'])*?)\}\}/g;

/** Evaluates the text between `${{` and `}}`. */
function evaluateExpression(expression: string, scope: Scope): unknown {
  const functions = functionsOf(scope);
  try {
    const { tokens } = new Lexer(expression).lex();
    const tree = new Parser(tokens, Object.keys(scope.contexts), [...functions.values()]).parse();
    const contexts = toData(scope.contexts);
    if (!(contexts instanceof data.Dictionary)) throw new Error("The contexts are not an object.");
    return toPlain(new Evaluator(tree, contexts, functions).evaluate());
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new Error(`The expression ${expression.trim()} cannot be evaluated: ${reason}`);
  }
}

/** Replaces every `${{ }}` in a text. */
export function evaluateText(text: string, scope: Scope): string {
  return text.replace(PLACEHOLDER, (_all, expression: string) =>
    String(evaluateExpression(`format('{0}', ${expression})`, scope)),
  );
}

/** For `with`, `env` and outputs. */
export function evaluateValues(values: Contexts | undefined, scope: Scope): Values {
  return Object.fromEntries(
    Object.entries(values ?? {}).map(([name, value]) => [name, evaluateText(String(value ?? ""), scope)]),
  );
}

/** Replaces in all texts of a value. A text that is a single `${{ }}` becomes the value of the expression. */
export function evaluateDeep(value: unknown, scope: Scope): unknown {
  if (typeof value === "string") {
    const whole = wholeExpression(value);
    return whole === undefined ? evaluateText(value, scope) : evaluateExpression(whole, scope);
  }
  if (Array.isArray(value)) return value.map((item) => evaluateDeep(item, scope));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, evaluateDeep(item, scope)]));
}

/** An `if`, which means `success() && …` unless it contains a status function. */
export function evaluateCondition(condition: unknown, scope: Scope): boolean {
  const text = String(condition ?? "success()").trim();
  const expression = wholeExpression(text) ?? text;
  if (expression.includes("${{")) throw new Error(`The condition ${text} is always true: it is a text.`);
  const hasStatus = new Lexer(expression)
    .lex()
    .tokens.some(({ lexeme }) => STATUS_FUNCTIONS.includes(lexeme.toLowerCase()));
  return evaluateExpression(`${hasStatus ? "" : "success() && "}!!(${expression})`, scope) === true;
}

function wholeExpression(text: string): string | undefined {
  const matches = [...text.trim().matchAll(PLACEHOLDER)];
  return matches.length === 1 && matches[0]?.[0] === text.trim() ? matches[0][1] : undefined;
}

function functionsOf({ status, workspace }: Scope): Map<string, FunctionDefinition> {
  const answer = (name: string, value: boolean) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value),
  });
  const hashFiles = {
    name: "hashFiles",
    minArgs: 1,
    maxArgs: 255,
    call(...args: data.ExpressionData[]) {
      const patterns = args.map((arg) => arg.coerceString());
      return new data.StringData(hashOf(patterns, workspace ?? "."));
    },
  };
  const functions = [
    answer("always", true),
    answer("success", status.success),
    answer("failure", status.failure),
    answer("cancelled", status.cancelled),
    hashFiles,
  ];
  return new Map(functions.map((one) => [one.name.toLowerCase(), one]));
}

function hashOf(patterns: readonly string[], cwd: string): string {
  const files = globSync(patterns, { cwd })
    .map((path) => join(cwd, path))
    .filter((path) => statSync(path).isFile())
    .sort();
  const hashes = files.map((path) => createHash("sha256").update(readFileSync(path)).digest());
  return files.length === 0 ? "" : createHash("sha256").update(Buffer.concat(hashes)).digest("hex");
}

function toData(value: unknown): data.ExpressionData {
  return JSON.parse(JSON.stringify(value), data.reviver) as data.ExpressionData;
}

function toPlain(value: data.ExpressionData): unknown {
  return JSON.parse(JSON.stringify(value, data.replacer));
}
