import { ConfigError } from "../errors/index.ts";

/** @throws ConfigError before a request is sent */
export function checkSlug(slug: unknown): void {
  if (typeof slug === "string" && slug !== "") return;
  throw new ConfigError({
    code: "invalid_option",
    option: "slug",
    message:
      slug === undefined || slug === null || slug === ""
        ? "The slug is missing."
        : `${JSON.stringify(slug)} is not a slug.`,
    hint: "Pass the slug that client.uploads.create returned, or submit the scene itself.",
  });
}
