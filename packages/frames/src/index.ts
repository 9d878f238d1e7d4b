export { type ContactSheet, type ContactSheetOptions, createContactSheet } from "./contact-sheet.ts";
export { type PixelImage, writeImage } from "./write-image.ts";
