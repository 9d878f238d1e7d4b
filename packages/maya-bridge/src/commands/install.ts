import { Command } from "@commander-js/extra-typings";
import { checkModule, installModule, uninstallModule } from "../install/maya-module.ts";
import { print, runCommand } from "./run-command.ts";

const NEXT = `
Next, in Maya (start it anew if it is running):
  1. Windows > Settings/Preferences > Plug-in Manager: load renderjuice_menu.py, tick Auto load.
  2. Choose Renderjuice > Submit… from the new menu.`;

export function createInstallCommand() {
  return new Command("install")
    .description("put the Maya side into your Maya's modules folder; --uninstall takes it out")
    .option("--check", "only say whether it is there and of this version")
    .option("--uninstall", "take it out; your jobs stay")
    .action(({ check, uninstall }) =>
      runCommand(async () => {
        if (uninstall) {
          print(`Taken out: ${(await uninstallModule()).join(", ") || "nothing was there"}.`);
          return 0;
        }
        if (!check) print(`Installed in ${await installModule()}.${NEXT}`);
        const problems = await checkModule();
        for (const problem of problems) print(`✖ ${problem}`);
        if (check && problems.length === 0) print("✔ The Maya side is installed and of this version.");
        return problems.length === 0 ? 0 : 1;
      }),
    );
}
