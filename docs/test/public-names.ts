import ts from "typescript";
import type { EntryPoint } from "../generate/entry-points.ts";
import { compilerOptions } from "./compiler-options.ts";

export interface PublicName {
  readonly name: string;
  /** As it is imported from: the first that has it, users' entries first. */
  readonly entry: string;
  readonly kind: "function" | "class" | "other";
  readonly file: string;
  readonly doc: string;
  /** The code of each `@example`. */
  readonly examples: readonly string[];
  /** What a class or an interface of ours declares. */
  readonly methods: readonly { readonly name: string; readonly examples: readonly string[] }[];
}

/** What the given entry files export, each name once, with its docstring. */
export function readPublicNames(entryPoints: readonly EntryPoint[]): PublicName[] {
  const program = ts.createProgram(
    entryPoints.map(({ file }) => file),
    compilerOptions(),
  );
  const checker = program.getTypeChecker();
  const names = new Map<string, PublicName>();
  for (const { name: entry, file } of entryPoints) {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`${file} exports nothing.`);
    for (const exported of checker.getExportsOfModule(module)) {
      if (!names.has(exported.name)) names.set(exported.name, describe(exported, entry, checker));
    }
  }
  return [...names.values()];
}

function describe(exported: ts.Symbol, entry: string, checker: ts.TypeChecker): PublicName {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  return {
    name: exported.name,
    entry,
    kind: kindOf(symbol),
    file: symbol.declarations?.[0]?.getSourceFile().fileName ?? "",
    doc: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    examples: examplesOf(symbol, checker),
    methods: methodsOf(symbol).map((method) => ({
      name: method.name,
      examples: examplesOf(method, checker),
    })),
  };
}

function methodsOf({ members }: ts.Symbol): ts.Symbol[] {
  return [...(members?.values() ?? [])].filter((member) => {
    const [declaration] = member.declarations ?? [];
    const isHidden = declaration && ts.getCombinedModifierFlags(declaration) & HIDDEN;
    return member.flags & ts.SymbolFlags.Method && !isHidden && /^[a-z]/.test(member.name);
  });
}

const HIDDEN = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;

function examplesOf(symbol: ts.Symbol, checker: ts.TypeChecker): string[] {
  const tags = symbol.getJsDocTags(checker).filter(({ name }) => name === "example");
  return tags.flatMap(({ text }) => exampleOf(ts.displayPartsToString(text)));
}

function kindOf({ flags }: ts.Symbol): PublicName["kind"] {
  if (flags & ts.SymbolFlags.Function) return "function";
  return flags & ts.SymbolFlags.Class ? "class" : "other";
}

/** Without fences, all of it is code. */
function exampleOf(text: string): string[] {
  return text.includes("```") ? codeOf(text) : [text];
}

/** What stands between fences that say `ts`. */
export function codeOf(markdown: string): string[] {
  return [...markdown.matchAll(/^```ts(?: [^\n]*)?\n([\s\S]*?)^```/gm)].map(([, code = ""]) => code);
}
