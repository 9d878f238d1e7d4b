import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../adr/", import.meta.url));

/** The decisions by their numbers, with the titles that their files begin with. */
export function readDecisions(): { text: string; link: string }[] {
  const names = readdirSync(folder).filter((name) => /^\d{4}-.*\.md$/.test(name));
  return names.sort().map((name) => {
    const [, title = name] = /^# (.*)$/m.exec(readFileSync(folder + name, "utf8")) ?? [];
    return { text: title, link: `/adr/${name.replace(/\.md$/, "")}` };
  });
}
