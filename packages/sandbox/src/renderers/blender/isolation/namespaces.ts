import type { Isolation } from "./isolation.ts";
import type { BlenderProgram } from "./program.ts";

/** Without network, and in a process namespace that ends with Blender and everything that it started. */
const UNSHARE = ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** What `unshare` of util-linux can do for root, and for users if the system lets them create namespaces. */
export function createNamespaces(program: BlenderProgram, reason: string): Isolation {
  const isRoot = process.getuid?.() === 0;
  const command = [...UNSHARE, ...(isRoot ? [] : ["--map-root-user"]), "--", program.executable];
  return {
    kind: "namespaces",
    description:
      `Scenes run without network, and nothing that they start outlives them. But they can read and write whatever ` +
      `${isRoot ? "root" : "this user"} can: ${reason}. Do not render scenes from strangers here.`,
    userId: undefined,
    hasDisplay: true,
    enter: (folders) => ({ command, folders, scriptsDir: program.scriptsDir }),
  };
}

export function createNoIsolation(program: BlenderProgram, reason?: string): Isolation {
  return {
    kind: "none",
    description: `Scenes are NOT isolated${reason === undefined ? ", as requested" : `: ${reason}`}. Only render scenes that you would open on this machine yourself.`,
    userId: undefined,
    hasDisplay: true,
    enter: (folders) => ({
      command: [program.executable],
      folders,
      scriptsDir: program.scriptsDir,
    }),
  };
}
