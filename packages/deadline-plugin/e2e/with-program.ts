import * as program from "../../../scripts/lib/running-program.ts";
import { BUNDLE } from "./studio.ts";

/** Starts what is shipped. */
export function startProgram(args: readonly string[], env?: NodeJS.ProcessEnv): program.RunningProgram {
  return program.startProgram([BUNDLE, ...args], env);
}
