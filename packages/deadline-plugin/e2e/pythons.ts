import * as machine from "../../../scripts/lib/pythons.ts";

/** 3.10 is what Deadline 10.3 and 10.4 run; 3.7 stands for 10.1 and 10.2; the others look ahead. */
const VERSIONS = ["3.7", "3.10", "3.11", "3.12"] as const;

export function findPythons() {
  return machine.findPythons(VERSIONS);
}

/** The interpreter of Deadline 10.3 and 10.4, or else the newest that is installed. */
export function deadlinePython(): string | undefined {
  const pythons = findPythons();
  const { executable } = pythons.find(({ version }) => version === "3.10") ?? pythons.at(-1) ?? {};
  return executable;
}
