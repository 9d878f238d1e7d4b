import type { PNG } from "pngjs";
import { setPixel } from "./draw-frame.ts";

const GLYPH_WIDTH = 5;

/** Seven rows of five pixels for each character of the labels. */
const GLYPHS: Readonly<Record<string, readonly string[]>> = {
  A: [" ### ", "#   #", "#   #", "#####", "#   #", "#   #", "#   #"],
  D: ["#### ", "#   #", "#   #", "#   #", "#   #", "#   #", "#### "],
  E: ["#####", "#    ", "#    ", "#### ", "#    ", "#    ", "#####"],
  F: ["#####", "#    ", "#    ", "#### ", "#    ", "#    ", "#    "],
  I: ["#####", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", "#####"],
  L: ["#    ", "#    ", "#    ", "#    ", "#    ", "#    ", "#####"],
  M: ["#   #", "## ##", "# # #", "#   #", "#   #", "#   #", "#   #"],
  R: ["#### ", "#   #", "#   #", "#### ", "# #  ", "#  # ", "#   #"],
  S: [" ####", "#    ", "#    ", " ### ", "    #", "    #", "#### "],
  T: ["#####", "  #  ", "  #  ", "  #  ", "  #  ", "  #  ", "  #  "],
  U: ["#   #", "#   #", "#   #", "#   #", "#   #", "#   #", " ### "],
  "-": ["     ", "     ", "     ", "#####", "     ", "     ", "     "],
  "0": [" ### ", "#   #", "#  ##", "# # #", "##  #", "#   #", " ### "],
  "1": ["  #  ", " ##  ", "  #  ", "  #  ", "  #  ", "  #  ", "#####"],
  "2": [" ### ", "#   #", "    #", "  ## ", " #   ", "#    ", "#####"],
  "3": [" ### ", "#   #", "    #", "  ## ", "    #", "#   #", " ### "],
  "4": ["   # ", "  ## ", " # # ", "#  # ", "#####", "   # ", "   # "],
  "5": ["#####", "#    ", "#### ", "    #", "    #", "#   #", " ### "],
  "6": [" ### ", "#    ", "#### ", "#   #", "#   #", "#   #", " ### "],
  "7": ["#####", "    #", "   # ", "  #  ", "  #  ", "  #  ", "  #  "],
  "8": [" ### ", "#   #", "#   #", " ### ", "#   #", "#   #", " ### "],
  "9": [" ### ", "#   #", "#   #", " ####", "    #", "    #", " ### "],
};

/** Writes a text with its upper left corner at x, y; each pixel of a letter is `scale` pixels wide. */
export function drawText(
  image: PNG,
  text: string,
  x: number,
  y: number,
  scale: number,
  color: readonly [number, number, number],
): void {
  for (const [index, character] of [...text].entries()) {
    drawGlyph(image, GLYPHS[character] ?? [], x + index * (GLYPH_WIDTH + 1) * scale, y, scale, color);
  }
}

function drawGlyph(
  image: PNG,
  glyph: readonly string[],
  x: number,
  y: number,
  scale: number,
  color: readonly [number, number, number],
): void {
  for (let row = 0; row < glyph.length * scale; row++) {
    for (let column = 0; column < GLYPH_WIDTH * scale; column++) {
      if (glyph[Math.floor(row / scale)]?.[Math.floor(column / scale)] === "#")
        setPixel(image, x + column, y + row, color);
    }
  }
}
