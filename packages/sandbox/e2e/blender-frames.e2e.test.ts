import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageFacts } from "./image-facts.ts";
import { makeScene } from "./make-scene.ts";
import { renderScene } from "./render-scene.ts";
import { blenderOrSkip } from "./with-blender.ts";

const renderer = await blenderOrSkip();

describe.runIf(renderer)("frames from real Blender", () => {
  if (!renderer) return;
  let folder: string;
  let tiny: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "blender-frames-"));
    tiny = await makeScene(renderer, folder, "tiny");
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("come in the asked order, each complete, named after the scene and the frame", async () => {
    const result = await renderScene(renderer, tiny, { frames: [3, -12, 1] });
    expect(result.frames).toEqual([3, -12, 1]);
    expect(result.files.filter((file) => file.kind === "frame")).toEqual([
      { kind: "frame", relativePath: "tiny_0003.png", frame: 3 },
      { kind: "frame", relativePath: "tiny_-0012.png", frame: -12 },
      { kind: "frame", relativePath: "tiny_0001.png", frame: 1 },
    ]);
    for (const { relativePath } of result.files) {
      expect(await imageFacts(join(result.outputDir, relativePath))).toMatchObject({ format: "PNG" });
    }
  });

  it("leave nothing behind but themselves and one preview", async () => {
    const { outputDir, files } = await renderScene(renderer, tiny, { frames: [1, 2] });
    const names = files.map((file) => file.relativePath);
    expect(names).toContain("tiny_0001.png");
    expect(await readdir(outputDir)).toEqual(expect.arrayContaining(names));
    expect(await readdir(outputDir)).not.toContain(".partial");
  });

  it("honor engine, samples, size, rate and color settings, and say so in the final config", async () => {
    const config = {
      renderEngine: "CYCLES",
      sampleCount: 2,
      resolution: [40, 20],
      resolutionPercentage: 150,
      fps: 23.976,
      useTiling: true,
      tileSize: 64,
      outputFormat: "PNG",
      outputSettings: { colorMode: "RGBA", colorDepth: "16" as const, compression: 50 },
    };
    const result = await renderScene(renderer, tiny, { frames: [2], config });
    expect(result.finalConfig).toMatchObject({ ...config, computeDeviceType: "CPU" });
    expect(result.warnings).toEqual([]);
    expect(await imageFacts(join(result.outputDir, "tiny_0002.png"))).toEqual({
      format: "PNG",
      width: 60,
      height: 30,
      bitDepth: 16,
    });
  });

  it.each([
    ["JPEG", "jpg", "JPEG", { quality: 80 }],
    ["TIFF", "tif", "TIFF", { tiffCodec: "LZW" }],
    ["OPEN_EXR", "exr", "EXR", { exrCodec: "DWAA", colorDepth: "32" }],
    ["OPEN_EXR_MULTILAYER", "exr", "EXR", { exrCodec: "ZIP" }],
  ] as const)("are written as %s", async (outputFormat, extension, format, outputSettings) => {
    const config = { outputFormat, outputSettings };
    const { outputDir, finalConfig } = await renderScene(renderer, tiny, { frames: [1], config });
    expect(await imageFacts(join(outputDir, `tiny_0001.${extension}`))).toMatchObject({ format });
    expect(finalConfig).toMatchObject({ outputFormat, outputSettings });
  });

  it("are PNG when the scene writes a video, with a warning", async () => {
    const path = await makeScene(
      renderer,
      folder,
      "video",
      `settings = scene.render.image_settings
if hasattr(settings, "media_type"): settings.media_type = "VIDEO"
settings.file_format = "FFMPEG"`,
    );
    const result = await renderScene(renderer, path);
    expect(result.analysis.outputFormat).toBe("FFMPEG");
    expect(result.finalConfig).toMatchObject({ outputFormat: "PNG" });
    expect(result.warnings.join()).toContain("FFMPEG is a video format");
  });

  it("get the nearest settings that a format can hold, with a warning for each", async () => {
    const config = {
      outputFormat: "JPEG",
      outputSettings: { colorMode: "RGBA", colorDepth: "32", quality: 300 },
    };
    const { finalConfig, warnings } = await renderScene(renderer, tiny, { config });
    expect(finalConfig).toMatchObject({
      outputSettings: { colorMode: "RGB", colorDepth: "8", quality: 100 },
    });
    expect(warnings).toHaveLength(3);
  });

  it("render on the CPU whatever device was asked for, with a warning", async () => {
    const config = { computeDeviceType: "OPTIX", gpuCount: 4, minimumRam: 64, denoisingEnabled: false };
    const { finalConfig, warnings } = await renderScene(renderer, tiny, { config });
    expect(finalConfig).toMatchObject({ computeDeviceType: "CPU", gpuCount: 0, minimumRam: 64 });
    expect(warnings.join()).toContain("computeDeviceType was recorded but has no effect");
  });

  it("are denoised where the build can, and otherwise say that they are not", async () => {
    const config = { denoisingEnabled: true, denoiserType: "OPTIX" };
    const { finalConfig, warnings } = await renderScene(renderer, tiny, { config });
    if (finalConfig.denoisingEnabled) expect(finalConfig.denoiserType).toBe("OPENIMAGEDENOISE");
    expect(warnings.join()).toMatch(/no denoiser|OPTIX is not available here; OPENIMAGEDENOISE was used/);
  });

  it("use an ACES view where the color configuration has one, and otherwise say so", async () => {
    const { finalConfig, warnings } = await renderScene(renderer, tiny, {
      config: { colorManagementPreset: "aces" },
    });
    if (finalConfig.colorManagementPreset === "aces") expect(finalConfig.viewTransform).toContain("ACES");
    else expect(warnings.join()).toContain("no ACES view");
  });

  it("accept Workbench and both names of Eevee", async () => {
    for (const renderEngine of ["BLENDER_WORKBENCH", "BLENDER_EEVEE", "BLENDER_EEVEE_NEXT"]) {
      const rendering = renderScene(renderer, tiny, { config: { renderEngine, sampleCount: 1 } });
      const result = await rendering.catch((error) => error);
      // Without a GPU or a display some versions cannot render with them at all; that must be said in words.
      if (result instanceof Error) expect(result).toMatchObject({ type: "engine_unavailable" });
      else expect(result.finalConfig.renderEngine).toMatch(/^BLENDER_(EEVEE|WORKBENCH)/);
    }
  });

  it("stop at a format or an engine that Blender does not know", async () => {
    for (const config of [{ outputFormat: "PSD" }, { renderEngine: "OCTANE" }]) {
      await expect(renderScene(renderer, tiny, { config })).rejects.toMatchObject({
        type: "unsupported_setting",
        message: expect.stringContaining("does not support"),
      });
    }
  });
});
