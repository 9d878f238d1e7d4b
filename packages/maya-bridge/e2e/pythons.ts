import * as machine from "../../../scripts/lib/pythons.ts";

/** Of Maya 2022, 2025, 2023 and 2024. */
const VERSIONS = ["3.7", "3.11", "3.9", "3.10"] as const;

export function findPythons() {
  return machine.findPythons(VERSIONS);
}

/** One of them; empty where there is none. What needs it is skipped then, as `findPythons` says aloud; in CI it throws. */
export function findPython(): string {
  const [python] = findPythons();
  return python?.executable ?? "";
}
