import { rm } from "node:fs/promises";
import { Application, Converter, type ProjectReflection, ReflectionKind } from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";
import { readEntryPoints } from "./entry-points.ts";
import { API_PAGES, DOCS, ROOT, SOURCE_URL, TSCONFIG } from "./paths.ts";

/** Their modules have the names that they are imported by. */
async function readApi(): Promise<{ app: Application; project: ProjectReflection }> {
  const entryPoints = await readEntryPoints();
  const app = await Application.bootstrapWithPlugins({
    entryPoints: entryPoints.map(({ file }) => file),
    tsconfig: TSCONFIG,
    // Also documents types that are not exported, such as the options of a function.
    plugin: ["typedoc-plugin-markdown", "typedoc-vitepress-theme", "typedoc-plugin-missing-exports"],
    placeInternalsInOwningModule: true,
    excludeInternal: true,
    validation: { notExported: false },
    logLevel: "Warn",
    readme: "none",
    excludePrivate: true,
    excludeExternals: true,
    groupOrder: ["Functions", "Classes", "Interfaces", "Type Aliases", "Variables", "*"],
    disableGit: true,
    basePath: ROOT,
    // Paths begin at the folder that all of them share.
    sourceLinkTemplate: `${SOURCE_URL}/packages/{path}#L{line}`,
    ...MARKDOWN,
  } as Parameters<typeof Application.bootstrapWithPlugins>[0]);
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => removeUndocumented(project));
  const project = await app.convert();
  if (!project) throw new Error("The docstrings cannot be read; what TypeDoc printed says why.");
  for (const { name, file } of entryPoints) {
    const module = project.children?.find(({ sources }) => sources?.[0]?.fullFileName === file);
    if (!module) throw new Error(`TypeDoc has nothing to say about ${file}.`);
    module.name = name;
  }
  return { app, project };
}

/** Every exported name has a docstring; what has none is there because a signature mentions it. */
function removeUndocumented(project: ProjectReflection): void {
  const declared = project.getReflectionsByKind(DECLARED);
  for (const reflection of declared.filter(({ comment }) => comment === undefined))
    project.removeReflection(reflection);
}

const DECLARED =
  ReflectionKind.Class | ReflectionKind.Interface | ReflectionKind.TypeAlias | ReflectionKind.Variable;

const MARKDOWN: Partial<PluginOptions> & Record<string, unknown> = {
  docsRoot: DOCS,
  out: API_PAGES,
  entryFileName: "index",
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  expandObjects: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  typeDeclarationFormat: "table",
  propertyMembersFormat: "table",
  enumMembersFormat: "table",
  indexFormat: "table",
  tableColumnSettings: {
    hideSources: true,
    hideModifiers: true,
    hideDefaults: true,
    hideInherited: true,
    hideOverrides: true,
  },
  pageTitleTemplates: {
    index: () => "TypeScript API",
    module: ({ name }: { name: string }) => name,
    member: ({ name }: { name: string }) => name,
  },
};

export async function writeApiReference(): Promise<void> {
  await rm(API_PAGES, { recursive: true, force: true });
  const { app, project } = await readApi();
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings())
    throw new Error("The docstrings need care: see above.");
}
