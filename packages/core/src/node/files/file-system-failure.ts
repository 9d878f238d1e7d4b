import { FileSystemError } from "../../errors/index.ts";

/** Runs a file operation. System errors become a `FileSystemError` about `path`. */
export async function onDisk<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw fileSystemFailure(error, path);
  }
}

/** The same for a caught error. Anything other than a system error is returned unchanged. */
export function fileSystemFailure(error: unknown, path: string): unknown {
  if (!(error instanceof Error && "syscall" in error && "code" in error)) return error;
  return new FileSystemError({ path, systemCode: String(error.code), cause: error });
}
