export { type ContactSheet, type ContactSheetOptions, createContactSheet } from "./contact-sheet.ts";
