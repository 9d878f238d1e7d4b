import { listNames } from "../../text/list-names.ts";
import type { PreflightIssue } from "./preflight-issue.ts";
import type { LeftOut, SourceFacts } from "./source-facts.ts";

interface Verdict {
  readonly severity: PreflightIssue["severity"];
  readonly message: (names: string) => string;
  readonly fix: string;
}

const VERDICTS: Readonly<Record<LeftOut["reason"], Verdict>> = {
  secret: {
    severity: "info",
    message: (names) => `Not packed, because they hold keys, passwords or a repository: ${names}.`,
    fix: "Nothing to do, unless the scene needs one of them: then rename it.",
  },
  "output-folder": {
    severity: "warning",
    message: (names) => `Not packed, because they contain downloaded frames of an earlier render: ${names}.`,
    fix: "If the scene uses these frames, copy them into another folder.",
  },
  downloaded: {
    severity: "warning",
    message: (names) => `Not packed, because they were downloaded from an earlier render: ${names}.`,
    fix: "If the scene uses these frames, copy them into another folder.",
  },
  "link-outside": {
    severity: "error",
    message: (names) => `Links point out of the folder, so their targets would be missing: ${names}.`,
    fix: "Replace the links with the actual files, or submit a folder that contains both and choose the main scene.",
  },
  "link-broken": {
    severity: "warning",
    message: (names) => `Broken links: ${names}.`,
    fix: "If the scene uses them, restore their targets.",
  },
  "link-loop": {
    severity: "warning",
    message: (names) => `Links form a loop and are not followed: ${names}.`,
    fix: "Nothing to do, unless the scene uses files through these links.",
  },
  "special-file": {
    severity: "warning",
    message: (names) => `Not packed, because they are pipes, sockets or devices: ${names}.`,
    fix: "Nothing to do, unless the scene needs one of them as a file.",
  },
  unreadable: {
    severity: "error",
    message: (names) => `These cannot be read: ${names}.`,
    fix: "Make them readable, or move them out of the folder if the scene does not need them.",
  },
  "unusable-name": {
    severity: "error",
    message: (names) => `These names cannot be packed: ${names}.`,
    fix: "Rename them in UTF-8, without \\ and without a colon as the second character, and update the scene.",
  },
  "too-many": {
    severity: "error",
    message: (names) => `${names} contains more files and folders than any scene needs.`,
    fix: "Submit only the folder of the scene, and check for links that form loops.",
  },
};

/** Reports what is not packed, as an error if the scene would be incomplete without it. */
export function checkLeftOut({ leftOut = [] }: SourceFacts): PreflightIssue[] {
  const byReason = Map.groupBy(leftOut, ({ reason }) => reason);
  return [...byReason].map(([reason, files]) => {
    const { severity, message, fix } = VERDICTS[reason];
    const names = files.map(({ name }) => name);
    return {
      ruleId: `folder-${reason}`,
      severity,
      message: message(listNames(names)),
      fix,
      path: names[0] ?? "",
    };
  });
}
