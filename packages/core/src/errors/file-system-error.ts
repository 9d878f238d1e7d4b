import { RenderjuiceError } from "./renderjuice-error.ts";

interface Explanation {
  /** Follows the path. */
  readonly problem: string;
  readonly hint: string;
}

const FULL: Explanation = { problem: "the disk is full", hint: "Make room on it, or choose another folder." };
const READ_ONLY: Explanation = {
  problem: "the disk is read-only",
  hint: "Choose a folder on a disk that can be written to.",
};
const DENIED: Explanation = {
  problem: "this user may not write there",
  hint: "Check the permissions of the folder, or choose another one.",
};
const NOT_A_FOLDER: Explanation = {
  problem: "a part of the path is a file, not a folder",
  hint: "Choose another folder, or move that file away.",
};
const LOST: Explanation = {
  problem: "a part of the path does not exist and cannot be made",
  hint: "Is the disk mounted, and does a link in the path lead nowhere? Or choose another folder.",
};
const TOO_LONG: Explanation = {
  problem: "the path is too long",
  hint: "Choose a folder with a shorter path.",
};
const IN_THE_WAY: Explanation = {
  problem: "a folder has that name",
  hint: "Move that folder away, or choose another place.",
};

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ENOSPC: FULL,
  EDQUOT: { problem: "the quota is used up", hint: "Make room, or choose a folder on another disk." },
  EROFS: READ_ONLY,
  EACCES: DENIED,
  EPERM: DENIED,
  ENOTDIR: NOT_A_FOLDER,
  EEXIST: { problem: "it is a file, not a folder", hint: NOT_A_FOLDER.hint },
  ENOENT: LOST,
  ENODEV: LOST,
  ELOOP: { problem: "its links go in a circle", hint: "Choose a folder without such a link." },
  ENAMETOOLONG: TOO_LONG,
  EISDIR: IN_THE_WAY,
  ENOTEMPTY: IN_THE_WAY,
  EFTYPE: {
    problem: "a pipe, a socket or a device has that name",
    hint: "Choose another place for a file.",
  },
  EIO: {
    problem: "the disk reports an error",
    hint: "Check the disk, or the connection to the file server, or choose another folder.",
  },
  EFBIG: {
    problem: "the file is larger than the disk or a limit of this user allows",
    hint: "Choose a folder on another disk. FAT32 takes no file of 4 GiB or more.",
  },
  EXDEV: {
    problem: "a link leads outside of the output folder",
    hint: "Remove the link, or choose another folder.",
  },
};

/** These concern the whole disk: other files fare no better. */
const WHOLE_DISK = new Set(["ENOSPC", "EDQUOT", "EROFS", "EIO", "ESTALE", "ENODEV"]);

/** This machine's file system refuses to keep a file. */
export class FileSystemError extends RenderjuiceError {
  readonly path: string;
  /** Such as `ENOSPC`. */
  readonly systemCode: string;

  constructor({ path, systemCode, cause }: { path: string; systemCode: string; cause?: unknown }) {
    const { problem, hint } = EXPLANATIONS[systemCode] ?? {
      problem: "the file system refuses it",
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
