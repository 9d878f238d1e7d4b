import { cpSync, mkdirSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { createSimulatedRenderer, systemClock } from "@renderjuice/sandbox";
import { describe, expect, test } from "vitest";
import { takeSummaryPicture } from "./summary-picture.ts";
import { DEMO_SCENE, everythingSaid, SLOW, startFarm } from "./with-action.ts";

describe.concurrent("a scene", () => {
  test("is uploaded and rendered, and the next step has its frames", async () => {
    await using farm = await startFarm();
    const { conclusion, outputs, log, annotations, phases, state } = await farm.run({
      settings: "resolutionPercentage: 50",
    });
    expect(annotations).toEqual([]);
    expect(conclusion).toBe("success");
    expect(await readdir(farm.path("renders"))).toEqual(
      expect.arrayContaining(["contact-sheet.png", "frame_0001.png", "frame_0002.png", "frame_0003.png"]),
    );
    expect(outputs).toMatchObject({
      status: "completed",
      "frames-rendered": "3",
      "missing-frames": "",
      "output-dir": "renders",
      resumed: "false",
      "job-id": expect.stringMatching(/^[\w-]{36}$/),
      "render-seconds": expect.stringMatching(/^[\d.]+$/),
    });
    expect(JSON.parse(outputs.files ?? "")).toEqual([
      "renders/frame_0001.png",
      "renders/frame_0002.png",
      "renders/frame_0003.png",
    ]);
    expect(JSON.parse(outputs.jobs ?? "")).toEqual([
      expect.objectContaining({ file: "shot.blend", status: "completed", framesRendered: 3 }),
    ]);
    expect(log).toContain(`3 frames in renders (job ${outputs["job-id"]}).`);
    expect(phases.map(({ phase }) => phase)).toEqual(["main", "post"]);
    expect(JSON.parse(state["open-jobs"] ?? "")).toEqual([]);
  });

  test("may be a folder, with textures and caches", async () => {
    await using farm = await startFarm();
    mkdirSync(farm.path("sh010", "textures"), { recursive: true });
    cpSync(DEMO_SCENE, farm.path("sh010", "sh010.blend"));
    cpSync(DEMO_SCENE, farm.path("sh010", "textures", "wood.png"));
    const { conclusion, log } = await farm.run({ file: "sh010" });
    expect(conclusion).toBe("success");
    expect(log).toContain("Uploading sh010.zip");
  });

  test("may be one of several in a folder, with main-scene", async () => {
    await using farm = await startFarm();
    for (const name of ["shots/sh010.blend", "assets/hero.blend"]) {
      mkdirSync(farm.path("project", name, ".."), { recursive: true });
      cpSync(DEMO_SCENE, farm.path("project", name));
    }
    const refused = await farm.run({ file: "project" });
    expect(refused.conclusion).toBe("failure");
    expect(everythingSaid(refused)).toContain("contains 2 scenes, and it is not clear which one to render");
    expect(farm.sandbox.statistics.jobsCreated).toBe(0);
    const named = await farm.run({ file: "project", "main-scene": "project/shots/sh010.blend" });
    expect(named.conclusion).toBe("success");
    expect(named.log).toContain("Uploading sh010.zip");
  });

  test("can be started without waiting, and downloaded by a later step", async () => {
    await using farm = await startFarm();
    const first = await farm.run({ wait: "false" });
    expect(first.conclusion).toBe("success");
    expect(first.outputs).toMatchObject({ status: "submitted", files: "[]" });
    const second = await farm.run({ file: "", "job-id": first.outputs["job-id"] ?? "", frames: "" });
    expect(second.conclusion).toBe("success");
    expect(second.outputs).toMatchObject({ status: "completed", "frames-rendered": "3" });
    expect(second.log).toMatch(/##\[group\]Attach to 1 job\nJob \S+ is \w+\.\n##\[endgroup\]/);
    expect(farm.sandbox.statistics).toMatchObject({ jobsCreated: 1, rendersStarted: 1 });
  });

  test("can be rendered without downloading the frames", async () => {
    await using farm = await startFarm();
    const { outputs, conclusion } = await farm.run({ download: "false" });
    expect(conclusion).toBe("success");
    expect(outputs).toMatchObject({ status: "completed", files: "[]", "frames-rendered": "3" });
    expect(await readdir(farm.workspace)).toEqual(["shot.blend"]);
  });

  test("that fails on the farm gives one error that says why, and what to do", async () => {
    await using farm = await startFarm({ faults: ["render-crash*all"] });
    const { conclusion, outputs, annotations, summary } = await farm.run();
    expect(conclusion).toBe("failure");
    expect(outputs.status).toBe("failed");
    expect(annotations).toEqual([
      expect.objectContaining({
        level: "error",
        message: expect.stringMatching(
          /^shot\.blend: Job .* failed: .*Fix the scene or the settings and submit again/,
        ),
      }),
    ]);
    expect(summary).toContain("Fix the scene");
  });

  test.each(["true", "false"])("with missing frames fails the step (download: %s)", async (download) => {
    await using farm = await startFarm();
    const first = await farm.run({ frames: "1-2", wait: "false" });
    const { conclusion, outputs, annotations } = await farm.run({
      file: "",
      "job-id": first.outputs["job-id"] ?? "",
      frames: "1-5",
      download,
    });
    expect(conclusion).toBe("failure");
    expect(outputs).toMatchObject({ status: "completed", "frames-rendered": "2", "missing-frames": "3-5" });
    const [attached, missing] = annotations.map(({ message }) => message);
    expect(attached).toContain("requesting frames 1-5 has no effect on it");
    expect(missing).toContain("The job has no files for some of the frames: 3-5.");
  });
});

describe.concurrent("several scenes", () => {
  const SCENES = ["a.blend", "b.blend", "c.blend"];

  test("become separate jobs with separate folders", async () => {
    await using farm = await startFarm({}, SCENES);
    const { conclusion, outputs } = await farm.run({ file: "*.blend\n!b.blend" });
    expect(conclusion).toBe("success");
    expect(outputs["job-id"]?.split("\n")).toHaveLength(2);
    expect(JSON.parse(outputs.files ?? "")).toHaveLength(6);
    expect(await readdir(farm.path("renders", "a"))).toContain("frame_0001.png");
    expect(await readdir(farm.path("renders", "c"))).toContain("contact-sheet.png");
    expect(farm.sandbox.statistics.rendersStarted).toBe(2);
  });

  test("are rendered even if another one fails", async () => {
    await using farm = await startFarm({ faults: ["render-crash"] }, SCENES);
    const { conclusion, outputs, annotations } = await farm.run({ file: "*.blend" });
    expect(conclusion).toBe("failure");
    expect(outputs.status).toBe("failed");
    const jobs = JSON.parse(outputs.jobs ?? "") as { status: string }[];
    expect(jobs.map(({ status }) => status).sort()).toEqual(["completed", "completed", "failed"]);
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toMatch(/^1 of 3 scenes did not succeed\.\n/);
  });

  test("each have a row in the job summary, failed ones first", async () => {
    await using farm = await startFarm({ faults: ["render-crash"] }, ["hero.blend", "<b>odd & name.blend"]);
    const { summary } = await farm.run({
      file: "*.blend",
      settings: "resolutionPercentage: 50\noutputSettings: { colorDepth: 16 }",
    });
    const text = await takeSummaryPicture(summary, "summary-scenes");
    if (text === undefined) return;
    const rows = text.split("\n").filter((line) => line.includes("\t"));
    expect(rows[0]).toMatch(/Scene\s+Status\s+Frames/);
    expect(rows[1]).toMatch(/❌ failed/);
    expect(rows.find((row) => row.includes("completed"))).toMatch(/✅ completed/);
    expect(text).toContain("<b>odd & name.blend");
    expect(text).toContain("Fix the scene or the settings and submit again");
  });

  test("are all checked before anything is sent; issues are shown at their files", async () => {
    await using farm = await startFarm({}, ["good.blend"]);
    const broken = ["bad-1.blend", "bad-2.blend"];
    for (const name of broken) await writeFile(farm.path(name), "not a scene");
    const { conclusion, annotations } = await farm.run({ file: "*.blend" });
    expect(conclusion).toBe("failure");
    expect([...new Set(annotations.flatMap(({ file }) => file ?? []))]).toEqual(broken);
    expect(annotations.at(-1)?.message).toMatch(/^Nothing was sent\. 2 of 3 scenes cannot be rendered/);
    expect(farm.sandbox.statistics.uploads).toBe(0);
  });
});

describe.concurrent("nothing secret", () => {
  test.each(["", "1"])("is in the log, outputs, state or summary (debug log: %s)", async (debug) => {
    await using farm = await startFarm({ faults: ["expired-download-url", "upload-reset"] });
    const result = await farm.run({}, { debug: debug === "1" });
    expect(result.conclusion).toBe("success");
    const said = everythingSaid(result);
    expect(said).not.toContain(farm.key);
    expect(said).not.toMatch(/signature=|token=|expires=/i);
    expect(result.masks).toContain(farm.key);
    if (debug) expect(said).toContain("request-started");
  });
});

test("if the summary cannot be written, a finished render does not fail", async () => {
  await using farm = await startFarm();
  const { conclusion, annotations, outputs } = await farm.run({}, { hasSummaryFile: false });
  expect(conclusion).toBe("success");
  expect(outputs.status).toBe("completed");
  expect(annotations).toEqual([
    expect.objectContaining({
      level: "warning",
      message: expect.stringMatching(/^The job summary could not be written: .*The frames are in renders\.$/),
    }),
  ]);
});

test("a file name is never a command", async () => {
  const hostile = ["::stop-commands::x.blend", "a\n::add-mask::renders\n.blend", "b ##[add-mask]farm.blend"];
  await using farm = await startFarm({ faults: ["render-crash"] }, ["plain.blend", ...hostile]);
  const { rawLog, annotations, masks, conclusion, outputs } = await farm.run(
    { file: "*.blend", frames: "1-2" },
    { debug: true },
  );
  expect(conclusion).toBe("failure");
  expect(JSON.parse(outputs.jobs ?? "")).toHaveLength(4);
  expect(annotations.map(({ level }) => level)).toContain("error");
  expect(masks).toEqual([farm.key]);
  const commands = rawLog.flatMap(({ line }) => /^\s*::([\w-]+)/.exec(line)?.[1] ?? []);
  const known = ["add-mask", "debug", "endgroup", "error", "group", "notice", "warning"];
  expect(commands.filter((name) => !known.includes(name))).toEqual([]);
  expect(rawLog.filter(({ line }) => /^\s*::add-mask/.test(line))).toHaveLength(2);
  expect(rawLog.filter(({ line }) => !line.startsWith("::") && line.includes("##["))).toEqual([]);
});

test("a long render reports its progress, in a few lines", async () => {
  await using farm = await startFarm(SLOW);
  const { log } = await farm.run({ frames: "1-16" });
  const lines = log.split("\n").filter((line) => /% \(\d+ of 16 frames\)/.test(line));
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.length).toBeLessThan(10);
});

describe.concurrent("a rate limit of the API", () => {
  const aboutIt = (text: string) =>
    text.split("\n").filter((line) => /rate limit|asks you to wait/.test(line));

  test("is in the log, once, while the step waits", async () => {
    await using farm = await startFarm({ faults: ["rate-limit:1@createJob"] });
    const { conclusion, log, annotations } = await farm.run();
    expect(conclusion).toBe("success");
    expect(aboutIt(log)).toEqual(["The API's rate limit was reached. Continuing in 1s."]);
    expect(annotations).toEqual([]);
  });

  test("that lasts too long fails the step with an error that says how long to wait, once", async () => {
    await using farm = await startFarm({ faults: ["rate-limit:1200@createJob*all"] });
    const { conclusion, log, annotations } = await farm.run();
    expect(conclusion).toBe("failure");
    expect(annotations).toHaveLength(1);
    expect(annotations[0]?.message).toContain("The API asks you to wait 20m. Then try again");
    expect(aboutIt(log)).toHaveLength(1);
  });
});

describe.concurrent("files that the farm does not find", () => {
  const incomplete = () => {
    const scene = { missingFiles: ["//textures/wood.png", "//rig<b>.blend"] };
    return startFarm({ renderer: createSimulatedRenderer({ clock: systemClock, scene }) });
  };

  test("stop the step before anything is paid for, with an error that lists them", async () => {
    await using farm = await incomplete();
    const { conclusion, annotations, outputs, summary } = await farm.run();
    expect(conclusion).toBe("failure");
    expect(farm.sandbox.statistics.rendersStarted).toBe(0);
    const errors = annotations.filter(({ level }) => level === "error").map(({ message }) => message);
    expect(errors).toEqual([
      expect.stringMatching(/Nothing was rendered: .*wood\.png.*require-complete: false/s),
    ]);
    expect(summary).toContain("//textures/wood.png");
    expect(JSON.parse(outputs.jobs ?? "")[0].missingFiles).toContain("//textures/wood.png");
  });

  test("are a warning and in the summary with require-complete: false", async () => {
    await using farm = await incomplete();
    const { conclusion, annotations, summary } = await farm.run({ "require-complete": "false" });
    expect(conclusion).toBe("success");
    const warnings = annotations.filter(({ level }) => level === "warning").map(({ message }) => message);
    expect(warnings).toEqual([
      expect.stringMatching(/did not find 2 files .*wood\.png/),
      expect.stringMatching(/was rendered without 2 files .*wood\.png/),
    ]);
    expect(summary).toContain("rendered without 2 files that the scene uses: //textures/wood.png");
    expect(summary).not.toContain("rig<b>");
  });
});
