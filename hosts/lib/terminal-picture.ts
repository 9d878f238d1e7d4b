import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { chromium } from "playwright-core";
import { findChromium } from "./test-programs.ts";

const require = createRequire(import.meta.url);
const THEME = { background: "#16181d", foreground: "#e6e8ec" };
const FRAME = `#terminal { display: inline-block; padding: 14px; background: ${THEME.background} } .scrollbar { display: none }`;
const MAX_ROWS = 200;
/** Runs in the page. The terminal becomes as high as its content: with fewer lines it would scroll. */
const SHOW = `async ({ output, columns, maxRows, theme }) => {
  const terminal = new Terminal({
    cols: columns, rows: maxRows, scrollback: 0, theme, convertEol: true, fontFamily: "DejaVu Sans Mono, monospace", fontSize: 13,
  });
  terminal.open(document.getElementById("terminal"));
  await new Promise((resolve) => terminal.write(output.trimEnd() + "\\x1b[?25l", resolve));
  const lines = Array.from({ length: maxRows }, (_, row) => terminal.buffer.active.getLine(row).translateToString(true));
  const last = lines.findLastIndex((line) => line !== "");
  terminal.resize(columns, Math.max(last, terminal.buffer.active.cursorY) + 1);
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}`;

export interface TerminalPictureOptions {
  /** Where the PNG goes. */
  readonly file: string;
  /** @default 100 */
  readonly columns?: number | undefined;
}

/** Draws what a program wrote to a terminal, escape sequences included. Does nothing where there is no Chromium. */
export async function takeTerminalPicture(
  output: string,
  { file, columns = 100 }: TerminalPictureOptions,
): Promise<void> {
  const executablePath = findChromium();
  if (!executablePath) return;
  await mkdir(dirname(file), { recursive: true });
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 4000 }, deviceScaleFactor: 2 });
    const [styles, script] = await Promise.all([
      readFile(require.resolve("@xterm/xterm/css/xterm.css"), "utf8"),
      readFile(require.resolve("@xterm/xterm"), "utf8"),
    ]);
    await page.setContent(`<style>${styles}${FRAME}</style><div id="terminal"></div>`);
    await page.addScriptTag({ content: script });
    await page.evaluate(`(${SHOW})(${JSON.stringify({ output, columns, maxRows: MAX_ROWS, theme: THEME })})`);
    await page.locator("#terminal").screenshot({ path: file });
  } finally {
    await browser.close();
  }
}
