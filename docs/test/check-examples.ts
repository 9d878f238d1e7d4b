import { fileURLToPath } from "node:url";
import ts from "typescript";
import { compilerOptions } from "./compiler-options.ts";

export interface Example {
  /** Where it stands, for the message. */
  readonly name: string;
  readonly code: string;
}

/** What examples may use without declaring it. */
const GIVEN = fileURLToPath(new URL("./given-in-examples.d.ts", import.meta.url));

/** @returns what the compiler says about each example, if anything */
export function checkExamples(examples: readonly Example[]): string[] {
  const files = new Map(examples.map((example, index) => [virtualFile(index), example]));
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists(file);
  host.readFile = (file) => files.get(file)?.code ?? readFile(file);
  host.getSourceFile = (file, languageVersion, ...rest) => {
    const example = files.get(file);
    return example
      ? ts.createSourceFile(file, example.code, languageVersion)
      : getSourceFile(file, languageVersion, ...rest);
  };
  const program = ts.createProgram([...files.keys(), GIVEN], options, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => describe(diagnostic, files));
}

/** Beside the site's own files, where packages are found that it depends on. */
function virtualFile(index: number): string {
  return fileURLToPath(new URL(`../example-${index}.ts`, import.meta.url)).replaceAll("\\", "/");
}

function describe(
  { file, start = 0, messageText }: ts.Diagnostic,
  files: ReadonlyMap<string, Example>,
): string {
  const example = file && files.get(file.fileName);
  const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
  return `${example?.name ?? file?.fileName ?? ""}, line ${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
}
