import { FileSystemError } from "../../errors/index.ts";

/** Runs what touches a file; what the system refuses becomes a `FileSystemError` about `path`. */
export async function onDisk<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw fileSystemFailure(error, path);
  }
}

/** The same for an error that has been caught. Anything but a system error comes back as it is. */
export function fileSystemFailure(error: unknown, path: string): unknown {
  if (!(error instanceof Error && "syscall" in error && "code" in error)) return error;
  return new FileSystemError({ path, systemCode: String(error.code), cause: error });
}
