import { listNames } from "../../text/list-names.ts";
import type { PreflightIssue } from "./preflight-issue.ts";
import type { SourceFacts } from "./source-facts.ts";

const IMAGE = /\.(png|jpe?g|exr|tiff?|webp|bmp|tga|hdr|dpx|cin|jp2|j2c|rgb|psd)$/i;

/** The farm would find these textures, and render what is left of them. */
export function checkImages({ brokenImages = [], zipEntries = [] }: SourceFacts): PreflightIssue[] {
  const empty = zipEntries.filter(({ name, sizeBytes }) => sizeBytes === 0 && IMAGE.test(name));
  const broken = [...empty.map(({ name }) => ({ name, problem: "is empty" })), ...brokenImages];
  const [first] = broken;
  if (!first) return [];
  const names = listNames(broken.map(({ name, problem }) => `${name} (${problem})`));
  return [
    {
      ruleId: "image-broken",
      severity: "warning",
      message: `Images are incomplete: ${names}. The scene would render without them, or with only a part of them.`,
      fix: "Wait until they have been saved or copied completely, or copy or export them again.",
      path: first.name,
    },
  ];
}
