import { listNames } from "../../text/list-names.ts";
import { checkFormat, checkSize, checkTruncation } from "./file-rules.ts";
import type { PreflightIssue } from "./preflight-issue.ts";
import type { SourceFacts } from "./source-facts.ts";

const MAX_ENTRIES = 100_000;
/** The largest total size of an unpacked archive: the disk of a farm node is limited. */
const MAX_UNPACKED_BYTES = 100 * 1024 ** 3;
/** Scenes and textures compress to a tenth at best; a zip bomb to a thousandth. */
const MAX_RATIO = 200;
const MIN_SUSPICIOUS_BYTES = 100 * 1024 ** 2;
/** APPNOTE.TXT, 4.4.5. */
const METHODS: Readonly<Record<number, string>> = {
  1: "Shrink",
  6: "Implode",
  9: "Deflate64",
  10: "IBM TERSE",
  12: "bzip2",
  14: "LZMA",
  93: "Zstandard",
  95: "xz",
  96: "JPEG",
  97: "WavPack",
  98: "PPMd",
};

export function checkZipReadable(facts: SourceFacts): PreflightIssue[] {
  const { zipProblem, fileName } = facts;
  if (zipProblem === undefined || isExplained(facts)) return [];
  return [
    {
      ruleId: "zip-unreadable",
      severity: "error",
      message: `The table of contents of ${fileName} cannot be read: ${zipProblem}`,
      fix: "Pack it again, or submit the folder itself. Self-extracting and split archives are not supported.",
      path: fileName,
    },
  ];
}

/** A file that is cut off, or not a zip at all, has no table of contents either. */
function isExplained(facts: SourceFacts): boolean {
  return [checkSize, checkFormat, checkTruncation].some((rule) => rule(facts).length > 0);
}

export function checkZipMethods({ zipEntries = [] }: SourceFacts): PreflightIssue[] {
  const foreign = zipEntries.filter(({ method, isEncrypted }) => ![0, 8].includes(method) && !isEncrypted);
  if (foreign.length === 0) return [];
  const methods = new Set(foreign.map(({ method }) => METHODS[method] ?? `method ${method}`));
  return [
    {
      ruleId: "zip-method",
      severity: "error",
      message: `The archive is compressed with ${[...methods].join(", ")} (${listNames(foreign.map(({ name }) => name))}), which many programs cannot unpack.`,
      fix: "Pack it again with Deflate, the usual method (7-Zip: -mm=Deflate), or submit the folder itself. Windows Explorer uses Deflate64 for files above 2 GB.",
    },
  ];
}

export function checkZipLinks({ zipEntries = [] }: SourceFacts): PreflightIssue[] {
  const links = zipEntries.filter(({ isLink }) => isLink).map(({ name }) => name);
  if (links.length === 0) return [];
  return [
    {
      ruleId: "zip-links",
      severity: "error",
      message: `The archive contains symbolic links instead of files: ${listNames(links)}.`,
      fix: "Pack it again with the actual files (zip without -y), or submit the folder itself.",
    },
  ];
}

export function checkZipEncryption({ zipEntries = [] }: SourceFacts): PreflightIssue[] {
  const encrypted = zipEntries.filter(({ isEncrypted }) => isEncrypted).map(({ name }) => name);
  if (encrypted.length === 0) return [];
  return [
    {
      ruleId: "zip-encrypted",
      severity: "error",
      message: `The archive is encrypted (${listNames(encrypted)}), and the farm does not have the password.`,
      fix: "Pack it again without a password.",
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
      message: `${fileName} would unpack to ${unpacked}, more than any real scene.`,
      fix: "Check how the archive was created, and leave out what the scene does not use.",
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
      message: `The archive contains other archives, which will not be unpacked: ${listNames(archives)}.`,
      fix: "If the scene needs their contents, add the files to the archive directly.",
    },
  ];
}
