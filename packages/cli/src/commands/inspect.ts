import { extname } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { ConfigError } from "@renderjuice/core";
import { checkOutputFile, followLink } from "@renderjuice/core/adapter/node";
import { findDependencies, type SceneInspection } from "@renderjuice/core/node";
import { runCommand } from "../command-context.ts";
import { describeInspection } from "../describe-inspection.ts";
import { EXIT } from "../exit-codes.ts";

export function createInspectCommand() {
  return new Command("inspect")
    .description(
      "show what is in a .blend: render settings, files, scripts; needs no Blender and sends nothing",
    )
    .argument("<scene>", "a .blend")
    .option("--thumbnail <png>", "write the picture that the file contains")
    .addHelpText("after", "\nExample:\n  renderjuice inspect shot.blend --thumbnail shot.png")
    .action(async (scene, { thumbnail }, command) => {
      process.exitCode = await runCommand(command, async ({ output }) => {
        if (thumbnail !== undefined) await checkThumbnail(thumbnail);
        const inspection = await findDependencies(scene);
        if (thumbnail !== undefined && !(await writeThumbnail(inspection, thumbnail)))
          output.warning("The file has no picture in it.", "Blender adds one when it saves the file.");
        output.result(describeInspection(scene, inspection), dataOf(inspection));
        return EXIT.ok;
      });
    });
}

/** A slip must not replace the scene by its picture. @throws ConfigError unless it is a PNG */
async function checkThumbnail(file: string): Promise<void> {
  await checkOutputFile(file);
  if (extname(await followLink(file)).toLowerCase() === ".png") return;
  throw new ConfigError({
    code: "invalid_option",
    option: "thumbnail",
    message: `"${file}" is not the name of a PNG.`,
    hint: "The picture is a PNG: choose a name that ends in .png.",
  });
}

/** @returns whether there was a picture */
async function writeThumbnail({ facts }: SceneInspection, outFile: string): Promise<boolean> {
  if (facts.thumbnail === undefined) return false;
  // Loaded only when needed: image libraries are large.
  const { writeImage } = await import("@renderjuice/frames");
  await writeImage(facts.thumbnail, outFile);
  return true;
}

/** Everything but the pixels; the files with what is on disk. */
function dataOf({ facts, dependencies }: SceneInspection): Record<string, unknown> {
  const { files: _files, thumbnail, ...scene } = facts;
  const picture = thumbnail && { width: thumbnail.width, height: thumbnail.height };
  return { scene: { ...scene, thumbnail: picture }, files: dependencies };
}
