import { z } from "zod/v4";

/** A member that nothing depends on: of another type than documented it counts as absent. */
export const optional = <T extends z.ZodType>(schema: T) => schema.nullish().catch(undefined);

/** The same for an object; a text in its place is kept as its member `name`. */
export function optionalOrText<T extends z.ZodType>(name: string, schema: T) {
  return optional(z.preprocess((value) => (typeof value === "string" ? { [name]: value } : value), schema));
}

type Shape = Readonly<Record<string, z.ZodType>>;

type Loose<Members extends Shape> = {
  [Name in keyof Members]: ReturnType<typeof optional<Members[Name]>>;
};

/** The members of a request as an answer echoes them: each may be absent, and there may be others. */
export function loosen<Members extends Shape>({ shape }: z.ZodObject<Members>) {
  const members = Object.entries(shape).map(([name, schema]) => [name, optional(schema)]);
  return z.looseObject(Object.fromEntries(members) as Loose<Members>);
}
