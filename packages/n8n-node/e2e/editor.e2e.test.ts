import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium, hasBlender } from "../../../hosts/lib/test-programs.ts";
import { describeN8n } from "../../../hosts/n8n/describe-n8n.ts";
import { type Editor, openEditor } from "../../../hosts/n8n/editor.ts";
import { loadExample } from "./examples.ts";
import { type Farm, startFarm } from "./with-farm.ts";

const PICTURES = fileURLToPath(new URL("../test-output/", import.meta.url));

/** What the test reads of an image element. */
interface Picture {
  readonly naturalWidth: number;
  readonly naturalHeight: number;
  decode(): Promise<void>;
}

const executablePath = findChromium();
const isPossible = (await hasBlender()) && executablePath !== undefined;

describe.skipIf(!isPossible)("with Blender and Chromium", () => {
  describeN8n("the editor of a real n8n", () => {
    let farm: Farm;
    let editor: Editor;
    beforeAll(async () => {
      farm = await startFarm({ renderer: "blender" }, { ui: true });
      editor = await openEditor(farm.n8n, {
        executablePath: executablePath ?? "",
        picturesFolder: PICTURES,
      });
    });
    afterAll(async () => {
      await editor?.[Symbol.asyncDispose]();
      await farm?.[Symbol.asyncDispose]();
    });

    /** Opens the example submit-to-frames and runs it like a user. */
    async function execute(settings: Readonly<Record<string, string>>) {
      const example = await loadExample("submit-to-frames", {
        settings: { scene: farm.scene, ...settings },
        startedBy: "editor",
      });
      const workflowId = await farm.n8n.addWorkflow(example);
      await editor.openWorkflow(workflowId);
      await editor.page.locator('[data-test-id="execute-workflow-button"]').click();
      const execution = await farm.n8n.waitForExecution(workflowId);
      await editor.openNode("Render");
      return execution;
    }

    test("submit-to-frames: real Blender renders, and the frames are shown as pictures", async () => {
      const { page, takePicture } = editor;
      const { nodes } = await execute({ frames: "1-3", resolutionPercentage: "50" });
      expect(nodes.Render?.items.map(({ json }) => json.frame)).toEqual([1, 2, 3]);
      await page.getByText("Binary", { exact: true }).last().click();
      await takePicture("node-panel");
      await page.getByRole("button", { name: "View" }).first().click();
      const picture = page.locator('img[src*="binary-data"]').first();
      await picture.waitFor();
      await takePicture("frame");
      // The demo scene is 480 x 270.
      const size = await picture.evaluate(async (image: Picture) => {
        await image.decode();
        return [image.naturalWidth, image.naturalHeight];
      });
      expect(size).toEqual([240, 135]);
      expect(editor.takeComplaints()).toEqual([]);
    });

    test("an error is shown with its hint", async () => {
      const { status } = await execute({ frames: "1-", resolutionPercentage: "50" });
      expect(status).toBe("error");
      await editor.page.getByText('"1-" is not a frame range.').first().waitFor();
      await editor.page.getByText('Examples: "7", "1-250"').waitFor();
      await editor.takePicture("error");
      expect(editor.takeComplaints()).toEqual([]);
    });
  });
});
