import { listNames } from "../../text/list-names.ts";
import { detectFormat } from "./file-format.ts";
import { checkFormat, checkSize, checkTruncation } from "./file-rules.ts";
import { isBlend, sceneNames } from "./main-scene.ts";
import type { PreflightIssue } from "./preflight-issue.ts";
import type { InsideFacts, SourceFacts } from "./source-facts.ts";

/** From the Git LFS specification. */
export const LFS_POINTER_MAX_BYTES = 1024;

/** Checks the scenes in a folder or archive like a single `.blend`. */
export function checkInsides({ insides = [] }: SourceFacts): PreflightIssue[] {
  const scenes = new Set(sceneNames(insides.map(({ name }) => name)));
  return insides.filter(({ name }) => scenes.has(name)).flatMap(checkScene);
}

function checkScene({ name, problem, ...content }: InsideFacts): PreflightIssue[] {
  if (problem !== undefined) return [broken(name, problem)];
  const file = { fileName: name, fileType: "blend" as const, ...content };
  return [...checkSize(file), ...checkFormat(file), ...checkTruncation(file)];
}

function broken(name: string, problem: string): PreflightIssue {
  return {
    ruleId: "zip-entry-broken",
    severity: "error",
    message: `${name} cannot be unpacked: ${problem}`,
    fix: "Pack the archive again, and check that it was copied completely.",
    path: name,
  };
}

/** If textures are only placeholders, the scene still renders, in pink. */
export function checkStandIns({ insides = [] }: SourceFacts): PreflightIssue[] {
  const files = insides.filter(({ name }) => !isBlend(name));
  return [
    ...issueIfAny(files.filter(isPointer), {
      ruleId: "lfs-pointers",
      message: (names) =>
        `These files are only Git LFS pointers: ${names}. The scene would render without them.`,
      fix: "Run `git lfs pull` first (in GitHub Actions, check out with lfs: true).",
    }),
    ...issueIfAny(files.filter(isLinkText), {
      ruleId: "link-texts",
      message: (names) =>
        `These files only contain the path of another file: ${names}. The scene would render without them.`,
      fix: "They were symbolic links. Check them out or unpack them where links are supported (in Git on Windows: core.symlinks), or copy the actual files.",
    }),
  ];
}

/** Whether a file, given its beginning, only stands for another one. */
export function isStandIn(file: InsideFacts): boolean {
  return isPointer(file) || isLinkText(file);
}

function isPointer({ head }: InsideFacts): boolean {
  return head !== undefined && detectFormat(head) === "git-lfs pointer";
}

/** What remains of a link where links are not supported: its target as text, such as `../../library/wood.png`. */
function isLinkText({ name, head, sizeBytes }: InsideFacts): boolean {
  const extension = name.slice(name.lastIndexOf(".")).toLowerCase();
  if (!head || head.length !== sizeBytes || !extension.startsWith(".")) return false;
  // Decoding bytes that are not text takes long.
  if (head.some((byte) => byte < 0x20)) return false;
  const text = new TextDecoder().decode(head).toLowerCase();
  return /^[^\p{Cc}]+$/u.test(text) && text.includes("/") && text.endsWith(extension);
}

function issueIfAny(
  files: readonly InsideFacts[],
  { message, ...rule }: { ruleId: string; message: (names: string) => string; fix: string },
): PreflightIssue[] {
  const names = files.map(({ name }) => name);
  if (names.length === 0) return [];
  return [{ ...rule, severity: "warning", message: message(listNames(names)), path: names[0] ?? "" }];
}
