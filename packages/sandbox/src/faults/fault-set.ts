import { FAULT_NAMES, type FaultName } from "./registry.ts";

export interface Fault {
  readonly name: FaultName;
  readonly argument?: string | undefined;
  /** Only requests to this endpoint, such as `createJob`. */
  readonly endpoint?: string | undefined;
  /** How many more times it applies. */
  readonly remaining: number;
}

const SPEC = /^([a-z-]+)(?::([^@*]+))?(?:@(\w+))?(?:\*(\d+|all))?$/;

/**
 * Reads `name[:argument][@endpoint][*times]`, such as `rate-limit:2@listJobs*3`. Times is 1 by default; `*all` never
 * ends.
 *
 * @throws Error that lists the known faults.
 */
function parseFault(spec: string): Fault {
  const [, name, argument, endpoint, times = "1"] = SPEC.exec(spec.trim()) ?? [];
  if (!FAULT_NAMES.includes(name as FaultName)) {
    throw new Error(
      `"${spec}" is not a fault. Write name[:argument][@endpoint][*times]; names: ${FAULT_NAMES.join(", ")}.`,
    );
  }
  return {
    name: name as FaultName,
    remaining: times === "all" ? Number.POSITIVE_INFINITY : Number(times),
    argument,
    endpoint,
  };
}

/**
 * The faults that are on.
 *
 * @example
 * const sandbox = await createSandbox({ renderer: "simulated" });
 * sandbox.faults.add("rate-limit:2@listJobs*3");
 */
export class FaultSet {
  #faults: Fault[] = [];

  add(...specs: readonly string[]): void {
    this.#faults.push(...specs.map(parseFault));
  }

  clear(): void {
    this.#faults = [];
  }

  list(): readonly Fault[] {
    return this.#faults;
  }

  /** Uses up a fault once, if it is on. @returns its argument (empty if it has none), or undefined */
  take(name: FaultName, endpoint?: string): string | undefined {
    const index = this.#faults.findIndex(
      (fault) => fault.name === name && (fault.endpoint === undefined || fault.endpoint === endpoint),
    );
    const fault = this.#faults[index];
    if (!fault) return undefined;
    const rest = fault.remaining > 1 ? [{ ...fault, remaining: fault.remaining - 1 }] : [];
    this.#faults.splice(index, 1, ...rest);
    return fault.argument ?? "";
  }
}

/** Searches several sets, the request's own first. */
export function takeFrom(sets: readonly FaultSet[], name: FaultName, endpoint?: string): string | undefined {
  for (const set of sets) {
    const argument = set.take(name, endpoint);
    if (argument !== undefined) return argument;
  }
  return undefined;
}
