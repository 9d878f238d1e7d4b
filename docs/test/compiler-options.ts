import { fileURLToPath } from "node:url";
import ts from "typescript";

const config = fileURLToPath(new URL("../../tsconfig.base.json", import.meta.url));

/** Those of the sources; examples need not use everything that they declare. */
export function compilerOptions(): ts.CompilerOptions {
  const { options, errors } = ts.parseJsonConfigFileContent(
    { ...ts.readConfigFile(config, ts.sys.readFile).config, files: [] },
    ts.sys,
    fileURLToPath(new URL("..", import.meta.url)),
  );
  if (errors.some(({ code }) => code !== NO_FILES)) throw new Error(JSON.stringify(errors));
  return {
    ...options,
    lib: ["lib.es2024.d.ts", "lib.esnext.disposable.d.ts", "lib.dom.d.ts", "lib.dom.asynciterable.d.ts"],
    moduleDetection: ts.ModuleDetectionKind.Force,
    noUnusedLocals: false,
    verbatimModuleSyntax: false,
    noEmit: true,
  };
}

/** "The 'files' list is empty." */
const NO_FILES = 18002;
