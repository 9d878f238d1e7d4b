import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Application, type DeclarationReflection, type ProjectReflection } from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";
import { readEntryPoints } from "./entry-points.ts";
import { API_PAGES, CORE, DOCS, ROOT, SOURCE_URL } from "./paths.ts";

async function readApi(): Promise<{ app: Application; project: ProjectReflection }> {
  const entryPoints = await readEntryPoints();
  const app = await Application.bootstrapWithPlugins({
    entryPoints: entryPoints.map(({ file }) => file),
    tsconfig: join(CORE, "tsconfig.json"),
    plugin: ["typedoc-plugin-markdown", "typedoc-vitepress-theme"],
    logLevel: "Warn",
    readme: "none",
    excludePrivate: true,
    excludeExternals: true,
    groupOrder: ["Functions", "Classes", "Interfaces", "Type Aliases", "Variables", "*"],
    disableGit: true,
    basePath: ROOT,
    sourceLinkTemplate: `${SOURCE_URL}/{path}#L{line}`,
    ...MARKDOWN,
  } as Parameters<typeof Application.bootstrapWithPlugins>[0]);
  const project = await app.convert();
  if (!project) throw new Error("The docstrings cannot be read; what TypeDoc printed says why.");
  entryPoints.forEach(({ name }, index) => {
    const module = project.children?.[index] as DeclarationReflection;
    module.name = name;
  });
  return { app, project };
}

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
  if (app.logger.hasErrors()) throw new Error("The docstrings need care: see above.");
}
