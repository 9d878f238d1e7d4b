import { Command } from "@commander-js/extra-typings";
import { checkModule, installModule, uninstallModule } from "../install/maya-module.ts";
import { print, runCommand } from "./run-command.ts";

const NEXT = `
Next, in Maya (restart it if it is running):
  1. Windows > Settings/Preferences > Plug-in Manager: load renderjuice_menu.py, tick Auto load.
  2. Choose Renderjuice > Submit… from the new menu.`;

export function createInstallCommand() {
  return new Command("install")
    .description("install the Maya module into your modules folder")
    .option("--check", "only check whether this version is installed")
    .option("--uninstall", "remove the module; your jobs stay")
    .action(({ check, uninstall }) =>
      runCommand(async () => {
        if (uninstall) {
          print(`Removed: ${(await uninstallModule()).join(", ") || "nothing was installed"}.`);
          return 0;
        }
        if (!check) print(`Installed in ${await installModule()}.${NEXT}`);
        const problems = await checkModule();
        for (const problem of problems) print(`✖ ${problem}`);
        if (check && problems.length === 0) print("✔ The Maya side is installed, in this version.");
        return problems.length === 0 ? 0 : 1;
      }),
    );
}
