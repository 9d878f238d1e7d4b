// Writes a file in a process that tests may limit: node write-child.ts PATH BYTES. Prints the code of its error.
import { replaceFile } from "../src/node/files/replace-file.ts";

const [path = "", bytes] = process.argv.slice(2);
await replaceFile(path, "x".repeat(Number(bytes))).catch(({ code, systemCode }) =>
  process.stdout.write(`${code} ${systemCode}`),
);
