import type { Datablock } from "../file/datablock.ts";
import type { PythonDriver, TextBlock } from "./scene-facts.ts";

const REGISTER = 0x10;
const PYTHON_DRIVER = 1;

export const SCRIPT_STRUCTS = ["Text", "ChannelDriver"];

export function* findTexts(datablock: Datablock): Generator<TextBlock, void> {
  const { root, name } = datablock;
  if (root.layout.name !== "Text") return;
  const path = datablock.text(root.pointer("name", "filepath"));
  yield { name: name.name, runsOnLoad: root.flag("flags", REGISTER) === true, path: path || undefined };
}

export function* findPythonDrivers(datablock: Datablock): Generator<PythonDriver, void> {
  for (const driver of datablock.all("ChannelDriver")) {
    if (driver.number("type") !== PYTHON_DRIVER) continue;
    yield { owner: datablock.name, expression: driver.text("expression") };
  }
}
