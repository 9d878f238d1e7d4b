/// <reference path="./oled-font-5x7.d.ts" />
import font from "oled-font-5x7";
import type { PNG } from "pngjs";

const GAP = 1;
const GLYPHS = new Map(font.lookup.map((character, index) => [character, index]));

export interface PixelText {
  readonly text: string;
  /** Upper left corner, in pixels. */
  readonly x: number;
  readonly y: number;
  /** Pixels per dot of the font: an integer. */
  readonly scale: number;
  readonly color: readonly [number, number, number];
}

/** Height of a line in pixels. */
export function textHeightPx(scale: number): number {
  return font.height * scale;
}

/** Width of a line in pixels. */
export function textWidthPx(text: string, scale: number): number {
  return Math.max(0, Array.from(text).length * (font.width + GAP) - GAP) * scale;
}

/** Cuts a text so that it fits, from the left: of file names, the end tells frames apart. */
export function fitText(text: string, widthPx: number, scale: number): string {
  if (textWidthPx(text, scale) <= widthPx) return text;
  const room = Math.floor((widthPx / scale + GAP) / (font.width + GAP));
  const kept = Math.max(0, room - 2);
  return kept === 0 ? "" : `..${Array.from(text).slice(-kept).join("")}`;
}

/** Draws one line; characters that the font lacks become `?`. */
export function drawText(image: PNG, { text, x, y, scale, color }: PixelText): void {
  Array.from(text).forEach((character, index) => {
    const glyph = GLYPHS.get(character) ?? GLYPHS.get("?") ?? 0;
    const left = x + index * (font.width + GAP) * scale;
    for (let column = 0; column < font.width; column += 1) {
      const bits = font.fontData[glyph * font.width + column] ?? 0;
      for (let row = 0; row < font.height; row += 1) {
        if (bits & (1 << row))
          fillRectangle(image, left + column * scale, y + row * scale, scale, scale, color);
      }
    }
  });
}

/** What lies outside of the image is left out. */
export function fillRectangle(
  image: PNG,
  left: number,
  top: number,
  width: number,
  height: number,
  color: readonly [number, number, number],
): void {
  for (let y = Math.max(0, top); y < Math.min(image.height, top + height); y += 1) {
    for (let x = Math.max(0, left); x < Math.min(image.width, left + width); x += 1) {
      image.data.set([...color, 255], (y * image.width + x) * 4);
    }
  }
}
