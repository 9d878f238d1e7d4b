declare module "oled-font-5x7" {
  const font: {
    readonly width: number;
    readonly height: number;
    /** `width` numbers per glyph: one column each, lowest bit on top. */
    readonly fontData: readonly number[];
    /** Index of a character's glyph, character by character. */
    readonly lookup: readonly string[];
  };
  export default font;
}
