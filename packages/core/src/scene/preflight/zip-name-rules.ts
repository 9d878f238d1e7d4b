import { listNames } from "../../text/list-names.ts";
import { isSecretName } from "./no-scene-files.ts";
import type { PreflightIssue } from "./preflight-issue.ts";
import type { SourceFacts, ZipEntryFacts } from "./source-facts.ts";

/** What Linux and Windows take in one name. */
const MAX_NAME_BYTES = 255;
const WINDOWS_DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i;

interface NameRule {
  readonly ruleId: string;
  readonly severity: "error" | "warning";
  readonly isBroken: (entry: ZipEntryFacts) => boolean;
  readonly message: (names: string) => string;
  readonly fix: string;
}

/** In this order: an entry is named by the first that fits, since one cause is enough to act. */
const RULES: readonly NameRule[] = [
  {
    ruleId: "zip-unsafe-name",
    severity: "error",
    isBroken: ({ name }) => isOutside(name),
    message: (names) => `The archive holds names that point outside of it: ${names}.`,
    fix: "Pack again with relative names that use / and no .. in them.",
  },
  {
    ruleId: "zip-old-code-page",
    severity: "error",
    isBroken: ({ name, isNameUnicode }) => name.includes("\\") && !isNameUnicode,
    message: (names) =>
      `The archive holds names in an old code page, such as Shift-JIS, in which a byte of a letter reads as \\: ${names}.`,
    fix: "Pack again with names in UTF-8: with 7-Zip and its parameter cu=on, or with the packer of Windows 11, macOS or Linux.",
  },
  {
    ruleId: "zip-backslash",
    severity: "error",
    isBroken: ({ name }) => name.includes("\\"),
    message: (names) =>
      `The archive has \\ instead of / between folder and file: ${names}. Compress-Archive of PowerShell 5 and programs on an old .NET write such archives.`,
    fix: 'Pack again with Explorer ("Compress to ZIP file"), 7-Zip or PowerShell 7; or submit the folder itself.',
  },
  {
    ruleId: "zip-unusable-name",
    severity: "error",
    isBroken: ({ name }) => name.includes("\0") || name.split("/").some(isTooLong),
    message: (names) => `The archive holds names that no disk takes: ${names}.`,
    fix: `Rename the files: at most ${MAX_NAME_BYTES} bytes, which are some 80 Chinese or Japanese letters.`,
  },
  {
    ruleId: "zip-old-code-page",
    severity: "warning",
    isBroken: ({ isNameUnicode }) => !isNameUnicode,
    message: (names) =>
      `The archive does not say in which code page these names are: ${names}. They may arrive garbled, and the scene will miss these files.`,
    fix: "Pack again with names in UTF-8 (7-Zip: parameter cu=on), submit the folder itself, or use names in plain ASCII.",
  },
  {
    ruleId: "zip-windows-name",
    severity: "warning",
    isBroken: ({ name }) => name.split("/").some((segment) => WINDOWS_DEVICE.test(segment)),
    message: (names) => `The archive holds names that Windows keeps for devices: ${names}.`,
    fix: "Rename them, or they will be missing where Windows unpacks them.",
  },
  {
    ruleId: "zip-secret",
    severity: "warning",
    isBroken: ({ name }) => isSecretName(name),
    message: (names) => `The archive holds files that look like keys, passwords or a repository: ${names}.`,
    fix: "Pack again without them: all of it is uploaded. Of a folder they are left out.",
  },
];

/** One issue per cause, not per entry. */
export function checkZipNames({ zipEntries = [] }: SourceFacts): PreflightIssue[] {
  const broken = new Map<NameRule, string[]>();
  for (const entry of zipEntries) {
    const rule = RULES.find(({ isBroken }) => isBroken(entry));
    if (rule) broken.set(rule, [...(broken.get(rule) ?? []), entry.name]);
  }
  return RULES.flatMap((rule) => {
    const names = broken.get(rule);
    return names ? [describe(rule, names)] : [];
  });
}

function describe({ ruleId, severity, message, fix }: NameRule, names: readonly string[]): PreflightIssue {
  const quoted = names.map((name) => JSON.stringify(name));
  return { ruleId, severity, message: message(listNames(quoted)), fix, path: names[0] ?? "" };
}

function isOutside(name: string): boolean {
  const path = name.replaceAll("\\", "/");
  return /^\/|^[A-Za-z]:/.test(path) || path.split("/").includes("..");
}

function isTooLong(segment: string): boolean {
  return new TextEncoder().encode(segment).byteLength > MAX_NAME_BYTES;
}

/** Of two files with one name, which one is left is up to whoever unpacks. */
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
      message: (list) => `The archive holds more than one file of these names: ${list}.`,
      fix: "Pack again into a new archive.",
    }),
    ...issueIfAny(clashes, {
      ruleId: "zip-duplicate-name",
      severity: "error",
      message: (list) => `The archive holds a file and a folder of the same name: ${list}.`,
      fix: "Rename one of them, and pack again.",
    }),
    ...issueIfAny(twins, {
      ruleId: "zip-same-but-for-case",
      severity: "warning",
      message: (list) =>
        `The archive holds names that differ only in case or in how accents are written: ${list}.`,
      fix: "Rename one of each: where Windows or macOS unpacks them, one replaces the other.",
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

/** As file systems do that take `É`, `é` and `e` with an accent for one letter. */
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
