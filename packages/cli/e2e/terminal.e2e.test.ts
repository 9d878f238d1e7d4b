import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { takeTerminalPicture } from "../../../hosts/lib/terminal-picture.ts";
import { DEMO_SCENE } from "./scenes.ts";
import { CLI, startSandbox } from "./with-cli.ts";

/** Where pictures of terminals are left, to be looked at. */
const PICTURES = fileURLToPath(new URL("../test-output/", import.meta.url));
const COLUMNS = 90;

test("on a terminal, live lines show how far the render is, and a summary stays", async () => {
  await using setup = await startSandbox({ simulatedStepMs: 100 });
  const words = [...CLI, "submit", DEMO_SCENE, "--frames", "1-10", "--out", "frames", "--contact-sheet"];
  const submit = [...words, "frames.png"].map((word) => `'${word}'`).join(" ");
  const screen = join(setup.folder, "screen");
  // script(1) gives the program a terminal and keeps what it writes there.
  await promisify(execFile)("script", ["-qefc", `stty rows 24 cols ${COLUMNS}; ${submit}`, screen], {
    cwd: setup.folder,
    env: { ...process.env, ...setup.env },
  });
  const output = (await readFile(screen, "utf8")).replace(/^Script started.*\n|\nScript done.*\n?$/g, "");

  const live = output.lastIndexOf(" of 10 frames, ");
  expect(live).toBeGreaterThan(0);
  expect(output.slice(live)).toContain("Rendered 10 frames in ");
  await takeTerminalPicture(output, { file: join(PICTURES, "submit.png"), columns: COLUMNS });
  // Up to where the lines are drawn for the last time.
  const running = output.slice(0, output.indexOf("\x1b[?2026l", live));
  await takeTerminalPicture(running, { file: join(PICTURES, "submit-running.png"), columns: COLUMNS });
});
