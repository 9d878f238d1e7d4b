import { listNames } from "../../text/list-names.ts";
import { isSecretName } from "./no-scene-files.ts";
import type { PreflightIssue } from "./preflight-issue.ts";
import type { SourceFacts, ZipEntryFacts } from "./source-facts.ts";

/** The longest name on Linux and Windows. */
const MAX_NAME_BYTES = 255;
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

interface NameRule {
  readonly ruleId: string;
  readonly severity: "error" | "warning";
  readonly isBroken: (entry: ZipEntryFacts) => boolean;
  readonly message: (names: string) => string;
  readonly fix: string;
}

/** In this order: an entry is reported by the first rule that applies, since one reason is enough to act. */
const RULES: readonly NameRule[] = [
  {
    ruleId: "zip-unsafe-name",
    severity: "error",
    isBroken: ({ name }) => isOutside(name),
    message: (names) => `The archive contains names that point outside of it: ${names}.`,
    fix: "Pack it again with relative names that use / and do not contain .. .",
  },
  {
    ruleId: "zip-old-code-page",
    severity: "error",
    isBroken: ({ name, isNameUnicode }) => name.includes("\\") && !isNameUnicode,
    message: (names) =>
      `The archive contains names in an old code page, such as Shift-JIS, in which part of a letter reads as \\: ${names}.`,
    fix: "Pack it again with names in UTF-8: with 7-Zip and its parameter cu=on, or with the built-in tools of Windows 11, macOS or Linux.",
  },
  {
    ruleId: "zip-backslash",
    severity: "error",
    isBroken: ({ name }) => name.includes("\\"),
    message: (names) =>
      `The archive uses \\ instead of / between folder and file: ${names}. Compress-Archive in PowerShell 5 and programs on an old .NET write such archives.`,
    fix: 'Pack it again with Explorer ("Compress to ZIP file"), 7-Zip or PowerShell 7, or submit the folder itself.',
  },
  {
    ruleId: "zip-unusable-name",
    severity: "error",
    isBroken: ({ name }) => name.includes("\0") || name.split("/").some(isTooLong),
    message: (names) => `The archive contains names that are too long or invalid: ${names}.`,
    fix: `Rename the files: names can have at most ${MAX_NAME_BYTES} bytes, which is about 80 Chinese or Japanese characters.`,
  },
  {
    ruleId: "zip-old-code-page",
    severity: "warning",
    isBroken: ({ isNameUnicode }) => !isNameUnicode,
    message: (names) =>
      `The archive does not say in which code page these names are: ${names}. They may arrive garbled, and the scene would not find these files.`,
    fix: "Pack it again with names in UTF-8 (7-Zip: parameter cu=on), submit the folder itself, or use names in plain ASCII.",
  },
  {
    ruleId: "zip-windows-name",
    severity: "warning",
    isBroken: ({ name }) => name.split("/").some((segment) => WINDOWS_DEVICE.test(segment)),
    message: (names) => `The archive contains names that Windows reserves for devices: ${names}.`,
    fix: "Rename them, or they will be missing when Windows unpacks the archive.",
  },
  {
    ruleId: "zip-secret",
    severity: "warning",
    isBroken: ({ name }) => isSecretName(name),
    message: (names) =>
      `The archive contains files that look like keys, passwords or a repository: ${names}.`,
    fix: "Pack it again without them: everything in an archive is uploaded. From a folder, they would be left out.",
  },
];

/** One issue per reason, not per entry. */
export function checkZipNames({ zipEntries = [] }: SourceFacts): PreflightIssue[] {
  const broken = new Map(RULES.map((rule) => [rule, [] as string[]]));
  for (const entry of zipEntries) {
    const rule = RULES.find(({ isBroken }) => isBroken(entry));
    if (rule) broken.get(rule)?.push(entry.name);
  }
  return [...broken].flatMap(([rule, names]) => (names.length > 0 ? [describe(rule, names)] : []));
}

function describe({ ruleId, severity, message, fix }: NameRule, names: readonly string[]): PreflightIssue {
  const quoted = names.map((name) => JSON.stringify(name));
  return { ruleId, severity, message: message(listNames(quoted)), fix, path: names[0] ?? "" };
}

/** Whether a name in an archive leads out of the folder it is unpacked to. */
export function isOutside(name: string): boolean {
  const path = name.replaceAll("\\", "/");
  return /^\/|^[A-Za-z]:/.test(path) || path.split("/").includes("..");
}

function isTooLong(segment: string): boolean {
  return new TextEncoder().encode(segment).byteLength > MAX_NAME_BYTES;
}

/** If two files have the same name, it depends on the unpacking program which one remains. */
export function checkZipDuplicates({ zipEntries = [] }: SourceFacts): PreflightIssue[] {
  const names = zipEntries.map(({ name }) => name);
  const duplicates = findDuplicates(names);
  const clashes = findClashes(names);
  const twins = findDuplicates(names.map(fold)).filter(
    (name) => !duplicates.some((duplicate) => fold(duplicate) === name),
  );
  return [
    ...issueIfAny(duplicates, {
      ruleId: "zip-duplicate-name",
      severity: "error",
      message: (list) => `The archive contains several files with the same name: ${list}.`,
      fix: "Pack everything again into a new archive.",
    }),
    ...issueIfAny(clashes, {
      ruleId: "zip-duplicate-name",
      severity: "error",
      message: (list) => `The archive contains a file and a folder with the same name: ${list}.`,
      fix: "Rename one of them and pack it again.",
    }),
    ...issueIfAny(twins, {
      ruleId: "zip-same-but-for-case",
      severity: "warning",
      message: (list) =>
        `The archive contains names that differ only in case or in how accents are encoded: ${list}.`,
      fix: "Rename one of each: on Windows and macOS, one would replace the other.",
    }),
  ];
}

function issueIfAny(
  names: readonly string[],
  { message, ...rule }: Omit<NameRule, "isBroken">,
): PreflightIssue[] {
  if (names.length === 0) return [];
  const quoted = names.map((name) => JSON.stringify(name));
  return [{ ...rule, message: message(listNames(quoted)), path: names[0] ?? "" }];
}

/** Like file systems that treat `É`, `é` and `e` with a combining accent as the same letter. */
function fold(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

function findDuplicates(names: readonly string[]): string[] {
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) duplicates.add(name);
    seen.add(name);
  }
  return [...duplicates];
}

function findClashes(names: readonly string[]): string[] {
  const files = new Set(names.filter((name) => !name.endsWith("/")));
  const folders = new Set(names.flatMap(foldersOf));
  return [...folders].filter((folder) => files.has(folder));
}

/** `a/b/c.png` → `a`, `a/b` */
function foldersOf(name: string): string[] {
  const segments = name.split("/").slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join("/"));
}
