import { ConfigError } from "@renderjuice/core";
import type { INodeProperties } from "n8n-workflow";

// Expressions return whatever sheets, forms and other services contain: a number as text, "FALSE", an empty cell. If a value
// can only mean one thing, it is accepted. Anything else is refused, with the name that the field has in the editor.

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

const NUMBER_ADVICE = "Enter a plain number with a decimal point and without a unit, such as 23.976.";
const TEXT_ADVICE = "Enter text. To use one property of an object, add its name to the expression.";
const MAX_SHOWN_CHARACTERS = 60;

/** Whether there is no value: an empty cell, a property that does not exist. */
export function isBlank(value: unknown): value is null | undefined | string {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

/** Undefined if there is no value. A list becomes one text, with commas. */
export function toText(field: INodeProperties, value: unknown): string | undefined {
  if (isBlank(value)) return undefined;
  const parts = Array.isArray(value) ? value : [value];
  if (parts.some((part) => !["string", "number", "boolean"].includes(typeof part)))
    throw refuse(field, value, "is not text", TEXT_ADVICE);
  return parts.join(",").trim();
}

export function toNumber(field: INodeProperties, value: unknown): number {
  if (isBlank(value)) throw refuse(field, value, "is not a number", NUMBER_ADVICE);
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number))
    throw refuse(field, value, "is not a number", NUMBER_ADVICE);
  const { minValue = Number.NEGATIVE_INFINITY, numberPrecision } = field.typeOptions ?? {};
  const isWhole = numberPrecision === 0;
  const hint = `Enter a ${isWhole ? "whole number" : "number"} of at least ${minValue}.`;
  if (number < minValue) throw refuse(field, value, `is less than ${minValue}`, hint);
  if (isWhole && !Number.isInteger(number)) throw refuse(field, value, "is not a whole number", hint);
  return number;
}

/** The field's default if there is no value. */
export function toFlag(field: INodeProperties, value: unknown): boolean {
  if (isBlank(value)) return field.default === true;
  if (typeof value === "boolean") return value;
  const flag = SWITCH_WORDS[String(value).trim().toLowerCase()];
  if (flag === undefined || typeof value === "object")
    throw refuse(field, value, "is neither true nor false", "Enter true or false.");
  return flag;
}

/** One of the field's options, by value or name. Undefined if it is not one of them. */
export function findChoice(field: INodeProperties, value: unknown): string | undefined {
  const wanted = String(value).trim().toLowerCase();
  for (const option of field.options ?? []) {
    if (!("value" in option)) continue;
    const found = String(option.value);
    if (found.toLowerCase() === wanted || option.name.toLowerCase() === wanted) return found;
  }
  return undefined;
}

/** The field's default if there is no value. */
export function toChoice(field: INodeProperties, value: unknown): string {
  const choice = findChoice(field, isBlank(value) ? field.default : value);
  if (choice !== undefined) return choice;
  const choices = (field.options ?? []).flatMap((option) => ("value" in option ? [option.value] : []));
  throw refuse(field, value, "is not one of the options", `Use one of these: ${choices.join(", ")}.`);
}

export function refuse(
  { displayName, name }: Pick<INodeProperties, "displayName" | "name">,
  value: unknown,
  problem: string,
  hint: string,
): ConfigError {
  const message =
    value === undefined || value === null
      ? `${displayName}: the expression returned nothing.`
      : `${displayName}: ${show(value)} ${problem}.`;
  return new ConfigError({ code: "invalid_option", option: name, message, hint });
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}
