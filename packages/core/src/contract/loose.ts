import * as z from "zod/v4";

/** An optional member. If it has another type than documented, it is treated as absent. */
export const optional = <T extends z.ZodType>(schema: T) => schema.nullish().catch(undefined);

/** The same for an object. If it is a string instead, that becomes its member `name`. */
export function optionalOrText<T extends z.ZodType>(name: string, schema: T) {
  return optional(z.preprocess((value) => (typeof value === "string" ? { [name]: value } : value), schema));
}

type Shape = Readonly<Record<string, z.ZodType>>;

type Loose<Members extends Shape> = {
  [Name in keyof Members]: ReturnType<typeof optional<Members[Name]>>;
};

/** The members of a request as returned in a response: any may be absent, and there may be others. */
export function loosen<Members extends Shape>({ shape }: z.ZodObject<Members>) {
  const members = Object.entries(shape).map(([name, schema]) => [name, optional(schema)]);
  return z.looseObject(Object.fromEntries(members) as Loose<Members>);
}

/**
 * Without the index signature of a loose schema: a misspelled member does not compile. Other members are still kept at
 * run time.
 */
export type Documented<T> = { [Name in keyof T as string extends Name ? never : Name]: T[Name] };
