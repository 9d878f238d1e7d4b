import { BlendFileError } from "../../errors/index.ts";

/** @param problem continues "The .blend file …" */
export function damaged(problem: string, offsetBytes: number): BlendFileError {
  return new BlendFileError({ code: "blend_damaged", problem, offsetBytes });
}
