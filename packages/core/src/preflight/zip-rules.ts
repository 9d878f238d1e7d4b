import type { PreflightIssue } from "./preflight-issue.ts";
import type { SourceFacts, ZipEntryFacts } from "./source-facts.ts";

const MAX_ENTRIES = 100_000;
/** What an archive may unpack to: a farm node has a disk, but not any disk. */
const MAX_UNPACKED_BYTES = 100 * 1024 ** 3;
/** Scenes and textures shrink to a tenth at best; a bomb to a thousandth. */
const MAX_RATIO = 200;
const MIN_SUSPICIOUS_BYTES = 100 * 1024 ** 2;
const MAX_NAMED = 3;

export function checkZipScene(facts: SourceFacts): PreflightIssue[] {
  if (facts.fileType !== "zip" || !facts.zipEntries) return [];
  const scenes = sceneNames(facts.zipEntries);
  if (scenes.length === 1) return [];
  const isWithout = scenes.length === 0;
  return [
    {
      ruleId: isWithout ? "zip-without-scene" : "zip-several-scenes",
      severity: isWithout ? "error" : "warning",
      message: isWithout
        ? `${facts.fileName} holds no .blend.`
        : `${facts.fileName} holds ${scenes.length} scenes: ${listNames(scenes)}. Which one is rendered is up to the server.`,
      fix: isWithout
        ? "Put the .blend into the folder or archive."
        : "Leave only the .blend that is to be rendered; linked libraries are the exception.",
      path: facts.fileName,
    },
  ];
}

export function checkZipNames({ zipEntries = [] }: SourceFacts): PreflightIssue[] {
  return zipEntries.flatMap(({ name }) => {
    if (!isUnsafe(name)) return [];
    return [
      {
        ruleId: "zip-unsafe-name",
        severity: "error" as const,
        message: `The archive holds ${JSON.stringify(name)}, which points outside of it.`,
        fix: "Pack again with relative names that use / and no .. in them.",
        path: name,
      },
    ];
  });
}

function isUnsafe(name: string): boolean {
  return /^[/\\]|^[A-Za-z]:|\\|\0/.test(name) || name.split("/").includes("..");
}

export function checkZipEncryption({ zipEntries = [] }: SourceFacts): PreflightIssue[] {
  const encrypted = zipEntries.filter(({ isEncrypted }) => isEncrypted).map(({ name }) => name);
  if (encrypted.length === 0) return [];
  return [
    {
      ruleId: "zip-encrypted",
      severity: "error",
      message: `The archive is encrypted (${listNames(encrypted)}); the farm has no password.`,
      fix: "Pack again without a password.",
    },
  ];
}

export function checkZipBomb({ zipEntries = [], sizeBytes, fileName }: SourceFacts): PreflightIssue[] {
  const unpackedBytes = zipEntries.reduce((sum, entry) => sum + entry.sizeBytes, 0);
  const isTooMany = zipEntries.length > MAX_ENTRIES;
  const isTooLarge = unpackedBytes > MAX_UNPACKED_BYTES;
  const isTooDense = unpackedBytes > MIN_SUSPICIOUS_BYTES && unpackedBytes > sizeBytes * MAX_RATIO;
  if (!isTooMany && !isTooLarge && !isTooDense) return [];
  const unpacked = `${(unpackedBytes / 1024 ** 3).toFixed(1)} GiB in ${zipEntries.length} files`;
  return [
    {
      ruleId: "zip-bomb",
      severity: "error",
      message: `${fileName} would unpack to ${unpacked}; no scene does that.`,
      fix: "Check how the archive was made; leave out what the scene does not use.",
      path: fileName,
    },
  ];
}

export function checkZipInside({ zipEntries = [] }: SourceFacts): PreflightIssue[] {
  const archives = zipEntries
    .map(({ name }) => name)
    .filter((name) => /\.(zip|7z|rar|tar|tgz|tar\.gz)$/i.test(name));
  if (archives.length === 0) return [];
  return [
    {
      ruleId: "zip-nested",
      severity: "warning",
      message: `The archive holds archives: ${listNames(archives)}. They are not unpacked.`,
      fix: "Put their contents into the archive itself if the scene needs them.",
    },
  ];
}

function sceneNames(entries: readonly ZipEntryFacts[]): string[] {
  return entries
    .map(({ name }) => name)
    .filter((name) => /\.blend$/i.test(name) && !name.startsWith("__MACOSX/"));
}

function listNames(names: readonly string[]): string {
  const rest = names.length - MAX_NAMED;
  return names.slice(0, MAX_NAMED).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
