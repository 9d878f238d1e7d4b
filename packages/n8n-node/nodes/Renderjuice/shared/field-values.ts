import { ConfigError } from "@renderjuice/core";
import type { INodeProperties } from "n8n-workflow";

// Expressions give what sheets, forms and other services have: a number as text, "FALSE", an empty cell. What can be
// meant in one way only is taken so; anything else is refused by the name that the field has in the editor.

const SWITCH_WORDS: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  1: true,
  false: false,
  no: false,
  off: false,
  0: false,
};

const NUMBER_ADVICE = 'Give a plain number with a point, such as 23.976, not "23,976" and without a unit.';
const TEXT_ADVICE = "Give text. To take a member of an object, name it in the expression.";
const MAX_SHOWN_CHARACTERS = 60;

/** Whether there is nothing: an empty cell, a member that does not exist. */
export function isBlank(value: unknown): value is null | undefined | string {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

/** Undefined when there is nothing. A list becomes one text, with commas. */
export function toText(field: INodeProperties, value: unknown): string | undefined {
  if (isBlank(value)) return undefined;
  const parts = Array.isArray(value) ? value : [value];
  if (parts.some((part) => !["string", "number", "boolean"].includes(typeof part)))
    throw refuse(field, value, "is not a text", TEXT_ADVICE);
  return parts.join(",").trim();
}

export function toNumber(field: INodeProperties, value: unknown): number {
  if (isBlank(value)) throw refuse(field, value, "is not a number", NUMBER_ADVICE);
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number))
    throw refuse(field, value, "is not a number", NUMBER_ADVICE);
  const { minValue = Number.NEGATIVE_INFINITY, numberPrecision } = field.typeOptions ?? {};
  const whole = numberPrecision === 0 ? "whole number" : "number";
  if (number < minValue || (numberPrecision === 0 && !Number.isInteger(number)))
    throw refuse(field, value, "is not possible here", `Give a ${whole} from ${minValue} upwards.`);
  return number;
}

/** Without a value, the field's default. */
export function toFlag(field: INodeProperties, value: unknown): boolean {
  if (isBlank(value)) return field.default === true;
  if (typeof value === "boolean") return value;
  const flag = SWITCH_WORDS[String(value).trim().toLowerCase()];
  if (flag === undefined || typeof value === "object")
    throw refuse(field, value, "is neither on nor off", "Give true or false.");
  return flag;
}

/** One of the field's choices, by its value or its name; undefined when it is none of them. */
export function findChoice(field: INodeProperties, value: unknown): string | undefined {
  const wanted = String(value).trim().toLowerCase();
  for (const option of field.options ?? []) {
    if (!("value" in option)) continue;
    const found = String(option.value);
    if (found.toLowerCase() === wanted || option.name.toLowerCase() === wanted) return found;
  }
  return undefined;
}

/** Without a value, the field's default. */
export function toChoice(field: INodeProperties, value: unknown): string {
  const choice = findChoice(field, isBlank(value) ? field.default : value);
  if (choice !== undefined) return choice;
  const choices = (field.options ?? []).flatMap((option) => ("value" in option ? [option.value] : []));
  throw refuse(field, value, "is not one of its choices", `Give one of these: ${choices.join(", ")}.`);
}

export function refuse(
  { displayName, name }: Pick<INodeProperties, "displayName" | "name">,
  value: unknown,
  problem: string,
  hint: string,
): ConfigError {
  const message =
    value === undefined || value === null
      ? `${displayName}: the expression gives nothing.`
      : `${displayName}: ${show(value)} ${problem}.`;
  return new ConfigError({ code: "invalid_option", option: name, message, hint });
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}
