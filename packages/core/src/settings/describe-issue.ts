import * as z from "zod/v4";
import { nearest } from "./nearest.ts";

interface Problem {
  readonly message: string;
  readonly hint?: string | undefined;
}

interface Checked {
  readonly schema: z.ZodType;
  readonly value: unknown;
  /** What a member is called: `option`, `setting`. */
  readonly member: string;
}

/** What types are called by people. */
const KINDS: Readonly<Record<string, string>> = {
  boolean: "true or false",
  array: "a list",
  string: "text",
  object: "an object",
  int: "a whole number",
};
const MAX_SHOWN_CHARACTERS = 80;

/** A problem that a schema has found, in words. */
export function describeIssue(issue: z.core.$ZodIssue, { schema, value, member }: Checked): Problem[] {
  if (issue.code === "unrecognized_keys") {
    const known = namesOf(schemaAt(schema, issue.path));
    return issue.keys.map((key) => unknownName([...issue.path, key].join("."), key, known, member));
  }
  const name = issue.path.join(".");
  const wrong = issue.path.reduce<unknown>(
    (group, key) => (group as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  );
  if (wrong === undefined && name !== "") return [{ message: `The ${member} ${name} is missing.` }];
  return [describeWrong(issue, { subject: name === "" ? `The ${member}s` : name, wrong, schema })];
}

function describeWrong(
  issue: z.core.$ZodIssue,
  { subject, wrong, schema }: { subject: string; wrong: unknown; schema: z.ZodType },
): Problem {
  const shown = show(wrong);
  if (issue.code === "invalid_value") {
    const values = issue.values.map(String);
    const likely = typeof wrong === "string" ? nearest(wrong, values) : undefined;
    return {
      message: `${subject} cannot be ${shown}.`,
      hint: likely ? `Did you mean ${likely}?` : `It can be ${values.join(", ")}.`,
    };
  }
  const kind = schemaAt(schema, issue.path)?.description ?? kindOf(issue);
  if (kind === undefined) return { message: `${subject} cannot be ${shown}: ${issue.message}.` };
  return { message: `${subject} must be ${kind}; ${shown} is not${/^an? /.test(kind) ? " one" : ""}.` };
}

function kindOf(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code !== "invalid_type") return undefined;
  return KINDS[issue.expected] ?? `a ${issue.expected}`;
}

function unknownName(name: string, key: string, known: readonly string[], member: string): Problem {
  const likely = nearest(key, known);
  return {
    message: `There is no ${member} "${name}".`,
    hint: likely ? `Did you mean ${likely}?` : `The ${member}s are: ${known.join(", ")}.`,
  };
}

function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>((at, key) => {
    return at instanceof z.ZodObject ? unwrap(at.shape[key as string] as z.ZodType | undefined) : undefined;
  }, unwrap(schema));
}

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap() as z.ZodType) : schema;
}

function namesOf(schema: z.ZodType | undefined): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** A value, as short as a message allows. */
function show(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}
