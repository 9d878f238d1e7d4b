import { lstat, readdir, readlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Isolation, JobFolders } from "./isolation.ts";
import type { BlenderProgram } from "./program.ts";

/** Programs and libraries. On most systems all but the first are links into it. */
const SYSTEM_FOLDERS = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store", "/gnu/store"];
/** Files that libraries read: fonts, library paths, graphics drivers, the time zone. */
const SYSTEM_FILES = [
  "/etc/alternatives",
  "/etc/fonts",
  "/etc/glvnd",
  "/etc/ld.so.cache",
  "/etc/localtime",
  "/etc/vulkan",
  "/sys/devices/system/cpu",
  "/sys/devices/system/node",
];
/** The user nobody. */
const NOBODY = 65_534;

/** The folders as Blender sees them, the same for all jobs, so that no path of this machine reaches a log or a frame. */
const INSIDE = { sceneDir: "/job/scene", workDir: "/job/work" } as const;
const SCRIPTS = "/renderjuice";
const PROGRAM_DIR = "/blender";

/**
 * A cell made by bubblewrap: a file system with the system's programs (read-only) and the job's own folders, no
 * network, a process namespace that ends with Blender or with the sandbox, and no privileges. If the sandbox runs as
 * root, Blender runs as nobody.
 *
 * @param mayCloseNamespaces whether to forbid further user namespaces, which expose more of the kernel; possible since
 * bubblewrap 0.8, for users other than root
 */
export async function createBubblewrap(
  program: BlenderProgram,
  mayCloseNamespaces: boolean,
): Promise<Isolation> {
  const isRoot = process.getuid?.() === 0;
  const before = [
    "bwrap",
    "--die-with-parent",
    ...["--unshare-ipc", "--unshare-net", "--unshare-pid", "--unshare-uts", "--unshare-cgroup-try"],
    ...["--hostname", "sandbox"],
    // Root does not create a user namespace, so it can switch to a user who is somebody else outside the cell, too.
    ...(isRoot ? ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"] : []),
    ...(mayCloseNamespaces && !isRoot ? ["--unshare-user", "--disable-userns"] : []),
    ...["/etc", "/job", PROGRAM_DIR, "/sys/devices/system"].flatMap(publicFolder),
    ...(await systemFolders()),
    ...SYSTEM_FILES.flatMap((path) => ["--ro-bind-try", path, path]),
    ...["--proc", "/proc", "--dev", "/dev", "--dev-bind-try", "/dev/dri", "/dev/dri"],
    ...["--ro-bind", program.scriptsDir, SCRIPTS],
    ...(program.colorConfigDir ? ["--ro-bind", program.colorConfigDir, program.colorConfigDir] : []),
  ];
  const blender = await programMounts(program);
  const unprivileged = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--"];
  return {
    kind: "bubblewrap",
    description:
      "Scenes run in a bubblewrap cell: without network, as an unprivileged user, and only with their own files.",
    userId: isRoot ? NOBODY : undefined,
    hasDisplay: false,
    enter: (folders) => ({
      command: [
        ...before,
        ...blender.mounts,
        ...jobMounts(folders),
        ...["--remount-ro", "/", "--remount-ro", "/dev", "--chdir", "/", "--"],
        ...(isRoot ? unprivileged : []),
        blender.path,
      ],
      folders: INSIDE,
      scriptsDir: SCRIPTS,
    }),
  };
}

/** By default, folders that bubblewrap creates on the way to a mount are closed to all but their owner. */
function publicFolder(path: string): string[] {
  return ["--perms", "0755", "--dir", path];
}

async function systemFolders(): Promise<string[]> {
  const mounts = SYSTEM_FOLDERS.map(async (path) => {
    const stats = await lstat(path).catch(() => undefined);
    if (stats?.isSymbolicLink()) return ["--symlink", await readlink(path), path];
    return stats ? ["--ro-bind", path, path] : [];
  });
  return (await Promise.all(mounts)).flat();
}

/** Blender's own folder, unless the system's folders contain it; only the parts that belong to Blender. */
async function programMounts({ realPath, executable }: BlenderProgram) {
  if (realPath === undefined) return { path: executable, mounts: [] };
  if (SYSTEM_FOLDERS.some((folder) => realPath.startsWith(`${folder}/`)))
    return { path: realPath, mounts: [] };
  const folder = dirname(realPath);
  const names = (await readdir(folder)).filter((name) => /^(lib|\d+\.\d+|portable)$/.test(name));
  return {
    path: join(PROGRAM_DIR, basename(realPath)),
    mounts: [basename(realPath), ...names].flatMap((name) => [
      "--ro-bind",
      join(folder, name),
      join(PROGRAM_DIR, name),
    ]),
  };
}

/** The folder that Blender writes to is a mount, so that Blender cannot replace it with a link. */
function jobMounts({ sceneDir, workDir }: JobFolders): string[] {
  return [
    ...["--ro-bind", sceneDir, INSIDE.sceneDir],
    ...["--bind", workDir, INSIDE.workDir],
    // On disk, since a tmpfs would use memory that is not counted.
    ...["--bind", join(workDir, "tmp"), "/tmp"],
  ];
}
