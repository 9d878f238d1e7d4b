import { RenderjuiceError } from "./renderjuice-error.ts";

interface Explanation {
  /** Follows the path in the message. */
  readonly problem: string;
  readonly hint: string;
}

const FULL: Explanation = {
  problem: "the disk is full",
  hint: "Free up some space, or choose another folder.",
};
const READ_ONLY: Explanation = {
  problem: "the disk is read-only",
  hint: "Choose a folder on a disk that is writable.",
};
const DENIED: Explanation = {
  problem: "you do not have permission to write there",
  hint: "Check the permissions of the folder, or choose another one.",
};
const NOT_A_FOLDER: Explanation = {
  problem: "part of the path is a file, not a folder",
  hint: "Choose another folder, or move the file away.",
};
const LOST: Explanation = {
  problem: "part of the path does not exist and cannot be created",
  hint: "Check that the disk is mounted and that no link in the path is broken, or choose another folder.",
};
const TOO_LONG: Explanation = {
  problem: "the path is too long",
  hint: "Choose a folder with a shorter path.",
};
const IN_THE_WAY: Explanation = {
  problem: "there is a folder with that name",
  hint: "Move that folder away, or choose another name.",
};

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ENOSPC: FULL,
  EDQUOT: {
    problem: "the quota is used up",
    hint: "Free up some space, or choose a folder on another disk.",
  },
  EROFS: READ_ONLY,
  EACCES: DENIED,
  EPERM: DENIED,
  ENOTDIR: NOT_A_FOLDER,
  EEXIST: { problem: "it is a file, not a folder", hint: NOT_A_FOLDER.hint },
  ENOENT: LOST,
  ENODEV: LOST,
  ELOOP: { problem: "its links form a loop", hint: "Choose a folder without such a link." },
  ENAMETOOLONG: TOO_LONG,
  EISDIR: IN_THE_WAY,
  ENOTEMPTY: IN_THE_WAY,
  EFTYPE: {
    problem: "there is a pipe, socket or device with that name",
    hint: "Choose another name.",
  },
  EIO: {
    problem: "the disk reported an error",
    hint: "Check the disk, or the connection to the file server, or choose another folder.",
  },
  EFBIG: {
    problem: "the file is larger than the disk or your user limits allow",
    hint: "Choose a folder on another disk. FAT32 cannot hold files of 4 GiB or more.",
  },
  EXDEV: {
    problem: "a link leads out of the output folder",
    hint: "Remove the link, or choose another folder.",
  },
};

/** These affect the whole disk, so other files would fail too. */
const WHOLE_DISK = new Set(["ENOSPC", "EDQUOT", "EROFS", "EIO", "ESTALE", "ENODEV"]);

/**
 * The file system of this machine does not accept a file.
 *
 * @example
 * if (FileSystemError.isInstance(error)) console.error(error.path, error.systemCode); // ENOSPC
 */
export class FileSystemError extends RenderjuiceError {
  readonly path: string;
  /** Such as `ENOSPC`. */
  readonly systemCode: string;

  constructor({ path, systemCode, cause }: { path: string; systemCode: string; cause?: unknown }) {
    const { problem, hint } = EXPLANATIONS[systemCode] ?? {
      problem: "the file system refused",
      hint: "Check the disk, or choose another folder.",
    };
    super({
      code: "file_system_error",
      message: `${path} cannot be written: ${problem} (${systemCode}).`,
      hint,
      cause,
    });
    this.path = path;
    this.systemCode = systemCode;
  }

  /** Whether other files on the same disk would fail too. */
  get concernsWholeDisk(): boolean {
    return WHOLE_DISK.has(this.systemCode);
  }
}
