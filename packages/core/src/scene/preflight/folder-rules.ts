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
    message: (names) => `Not packed, since keys, passwords or a repository are kept there: ${names}.`,
    fix: "There is nothing to do, unless the scene needs one of them: then rename it.",
  },
  "output-folder": {
    severity: "warning",
    message: (names) => `Not packed, since frames of an earlier render were downloaded there: ${names}.`,
    fix: "If the scene uses these frames, copy them into another folder.",
  },
  downloaded: {
    severity: "warning",
    message: (names) => `Not packed, since they were downloaded from an earlier render: ${names}.`,
    fix: "If the scene uses these frames, copy them into another folder.",
  },
  "link-outside": {
    severity: "error",
    message: (names) => `Links lead out of the folder, and what they lead to would be missing: ${names}.`,
    fix: "Put the files themselves in their place, or submit a folder that holds both, and name the scene to render.",
  },
  "link-broken": {
    severity: "warning",
    message: (names) => `Links lead to nothing: ${names}.`,
    fix: "If the scene uses them, bring back what they should lead to.",
  },
  "link-loop": {
    severity: "warning",
    message: (names) => `Links lead back to a folder that they are in: ${names}. They are not followed.`,
    fix: "There is nothing to do, unless the scene uses files by way of them.",
  },
  "special-file": {
    severity: "warning",
    message: (names) => `Not packed, since they are pipes, sockets or devices and not files: ${names}.`,
    fix: "There is nothing to do, unless the scene needs one of them as a file.",
  },
  unreadable: {
    severity: "error",
    message: (names) => `These cannot be read: ${names}.`,
    fix: "Give your user permission to read them, or move them out of the folder if the scene does not need them.",
  },
  "unusable-name": {
    severity: "error",
    message: (names) => `These names cannot be packed: ${names}.`,
    fix: "Rename them in UTF-8, without \\ and without a colon as the second letter, and point the scene to the new names.",
  },
  "too-many": {
    severity: "error",
    message: (names) => `${names} holds more files and folders than any scene needs.`,
    fix: "Submit the folder of the scene alone, and look for links that lead in circles.",
  },
};

/** What is not packed is said, and stops the job where the scene would lack it. */
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
