import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type DefaultTheme, defineConfig } from "vitepress";
import llmstxt from "vitepress-plugin-llms";
import { readDecisions } from "./decisions.ts";

const REPOSITORY = "https://github.com/renderjuice/pipeline";
/** GitHub Pages of the repository; the README files link there. */
const BASE = "/pipeline/";

const START = { text: "Start in five minutes", link: "/start" };

export default defineConfig({
  title: "Renderjuice Pipeline",
  description:
    "Blender scenes go up to the Renderjuice render farm, render, and come back as verified files.",
  lang: "en",
  base: BASE,
  srcExclude: ["generated/**"],
  rewrites: { "adr/README.md": "adr/index.md" },
  lastUpdated: false,
  head: [
    ["link", { rel: "icon", type: "image/svg+xml", href: `${BASE}logo.svg` }],
    ["meta", { name: "theme-color", content: "#f76707" }],
  ],
  // Addresses in texts that are generated are examples.
  markdown: { linkify: false, theme: { light: "github-light-high-contrast", dark: "github-dark" } },
  vite: {
    plugins: [
      llmstxt({
        // A page outside of a group would be listed last, under "Other".
        sidebar: [{ text: "Start", items: [START] }, ...sidebarOfPages(), ...sidebarOfReference()],
        ignoreFiles: ["reference/api/**/adapter/**", "reference/api/**/sandbox/**", "adr/**"],
      }),
    ],
    // The newer esbuild that pnpm-workspace.yaml chooses no longer writes for browsers as old as Vite's default.
    build: { target: "es2022", chunkSizeWarningLimit: 1000 },
    optimizeDeps: { esbuildOptions: { target: "es2022" } },
  },
  transformPageData({ relativePath, frontmatter }) {
    if (relativePath.startsWith("reference/api/")) frontmatter.editLink = false;
  },
  themeConfig: {
    logo: "/logo.svg",
    search: { provider: "local" },
    socialLinks: [{ icon: "github", link: REPOSITORY }],
    editLink: { pattern: `${REPOSITORY}/edit/main/docs/:path`, text: "Edit this page" },
    footer: { message: "MIT license" },
    outline: [2, 3],
    externalLinkIcon: true,
    nav: [
      { text: "Start", link: "/start" },
      { text: "Guides", link: "/guides/submit-and-wait", activeMatch: "/guides/" },
      { text: "Adapters", link: "/adapters/cli", activeMatch: "/adapters/" },
      { text: "Reference", link: "/reference/", activeMatch: "/reference/" },
    ],
    sidebar: {
      ...apiSidebars(),
      "/reference/": sidebarOfReference(),
      "/adr/": [{ text: "Decisions", link: "/adr/", items: readDecisions() }],
      "/": sidebarOfPages(),
    },
  },
});

function sidebarOfPages(): DefaultTheme.SidebarItem[] {
  return [
    START,
    {
      text: "Guides",
      items: [
        { text: "Submit and wait", link: "/guides/submit-and-wait" },
        { text: "Resume, and pay once", link: "/guides/resume-and-pay-once" },
        { text: "Webhooks", link: "/guides/webhooks" },
        { text: "Many scenes", link: "/guides/many-scenes" },
        { text: "Settings", link: "/guides/settings" },
        { text: "Errors, and what to do", link: "/guides/errors" },
        { text: "The sandbox in CI", link: "/guides/sandbox-in-ci" },
      ],
    },
    {
      text: "Adapters",
      items: [
        { text: "Command line", link: "/adapters/cli" },
        { text: "Sandbox", link: "/adapters/sandbox" },
        { text: "n8n", link: "/adapters/n8n" },
        { text: "GitHub Action", link: "/adapters/github-action" },
        { text: "Deadline", link: "/adapters/deadline" },
        { text: "Maya", link: "/adapters/maya" },
      ],
    },
    {
      text: "Trust",
      items: [
        { text: "What has been verified", link: "/verified" },
        { text: "Decisions", link: "/adr/" },
      ],
    },
  ];
}

function sidebarOfReference(): DefaultTheme.SidebarItem[] {
  return [
    {
      text: "Reference",
      link: "/reference/",
      items: [
        { text: "Command line", link: "/reference/cli" },
        { text: "Settings", link: "/reference/settings" },
        { text: "Errors and exit codes", link: "/reference/errors" },
        { text: "HTTP API", link: "/reference/http-api" },
      ],
    },
    {
      text: "TypeScript API",
      link: "/reference/api/",
      items: readApiModules().map(({ text, link }) => ({ text, link })),
    },
  ];
}

/** One per entry point: a page that carries the names of all of them is a hundred times as large as its text. */
function apiSidebars(): DefaultTheme.SidebarMulti {
  return Object.fromEntries(
    readApiModules().map(({ text, link, items }) => [
      link,
      [
        { text: "Reference", link: "/reference/" },
        { text, link, items: items.map((group) => ({ ...group, collapsed: false })) },
      ],
    ]),
  );
}

function readApiModules(): Required<Pick<DefaultTheme.SidebarItem, "text" | "link" | "items">>[] {
  const file = fileURLToPath(new URL("../reference/api/typedoc-sidebar.json", import.meta.url));
  return JSON.parse(readFileSync(file, "utf8"));
}
