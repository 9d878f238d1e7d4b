import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { jsonLine } from "@renderjuice/core/adapter";
import { loadCredentials } from "@renderjuice/core/adapter/node";
import { describeError } from "../describe-error.ts";
import { checkModule } from "../install/maya-module.ts";
import type { Finding } from "../port/finding.ts";
import { measureForeignPort } from "../port/measure-foreign-port.ts";
import { measureOwnPort } from "../port/measure-own-port.ts";
import { findSessions } from "../port/session.ts";
import { print, runCommand } from "./run-command.ts";

const HELP = `
Without --port it checks the installation, the key and every running Maya, through Renderjuice's own port.
With --port it tests a command port that you opened for this. In Maya's Script Editor (MEL):
  commandPort -name "127.0.0.1:7005" -sourceType "python";
Then run renderjuice-maya doctor --port 7005 --type python, and close the port in Maya:
  commandPort -name "127.0.0.1:7005" -close;
Such a port lets every program on this machine run anything in Maya, so do not leave it open.`;

export function createDoctorCommand() {
  return new Command("doctor")
    .description("check what works and how to fix what does not; test a command port of Maya")
    .option("--port <number>", "test a command port that you opened", readPort)
    .addOption(
      new Option("--type <language>", "the language that the port was opened for")
        .choices(["mel", "python"] as const)
        .default("mel" as const),
    )
    .option("--json", "print one JSON object per line for each finding")
    .addHelpText("after", HELP)
    .action(({ port, type, json }) =>
      runCommand(async () => {
        const findings = port === undefined ? await examine() : await measureForeignPort(port, type);
        for (const finding of findings) print(json ? jsonLine(finding) : describe(finding));
        return findings.some(({ state }) => state === "failed") ? 1 : 0;
      }),
    );
}

async function examine(): Promise<Finding[]> {
  const problems = await checkModule();
  const findings: Finding[] = [
    { check: "node", state: "ok", detail: process.versions.node },
    problems.length === 0
      ? { check: "module", state: "ok", detail: "installed, in this version" }
      : { check: "module", state: "failed", detail: problems.join("\n") },
    await checkKey(),
  ];
  const sessions = await findSessions();
  if (sessions.length === 0) {
    const detail =
      "No Maya with Renderjuice is running. In Maya, run: import renderjuice_maya; renderjuice_maya.open_port()";
    findings.push({ check: "maya", state: "warning", detail });
  }
  for (const session of sessions) findings.push(...(await measureOwnPort(session)));
  return findings;
}

async function checkKey(): Promise<Finding> {
  try {
    const { apiKeySource, baseUrl } = loadCredentials();
    return { check: "key", state: "ok", detail: `from ${apiKeySource}, for ${baseUrl}` };
  } catch (error) {
    return { check: "key", state: "failed", detail: describeError(error).text };
  }
}

function describe({ check, state, detail }: Finding): string {
  const mark = { ok: "✔", warning: "!", failed: "✖" }[state];
  return `${mark} ${check.padEnd(10)} ${detail.replaceAll("\n", `\n${" ".repeat(13)}`)}`;
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new InvalidArgumentError("Write a port number.");
}
