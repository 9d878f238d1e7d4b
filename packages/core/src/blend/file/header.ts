import { BlendFileError } from "../../errors/index.ts";
import { damaged } from "./damaged.ts";

/** The longest header there is. */
export const MAX_HEADER_BYTES = 17;
const LEGACY_HEADER_BYTES = 12;

/** The first bytes of a `.blend`: how all others are to be read. */
export interface BlendHeader {
  readonly sizeBytes: number;
  /** 0 until Blender 4.5, 1 since Blender 5.0: the layout of headers and block heads. */
  readonly format: 0 | 1;
  readonly pointerBytes: 4 | 8;
  readonly isLittleEndian: boolean;
  /** 304 for Blender 3.4, 502 for 5.2. */
  readonly version: number;
}

/** Reads `BLENDER-v304` (format 0) or `BLENDER17-01v0502` (format 1). @throws BlendFileError */
export function parseHeader(bytes: Uint8Array): BlendHeader {
  const text = String.fromCharCode(...bytes);
  const legacy = /^BLENDER([_-])([vV])(\d{3})/.exec(text);
  if (legacy) {
    return {
      sizeBytes: LEGACY_HEADER_BYTES,
      format: 0,
      pointerBytes: legacy[1] === "_" ? 4 : 8,
      isLittleEndian: legacy[2] === "v",
      version: Number(legacy[3]),
    };
  }
  const current = /^BLENDER(\d\d)-(\d\d)/.exec(text);
  if (!current) throw damaged("is not a Blender scene, or its header is damaged", 0);
  const [, sizeBytes, format] = current;
  const version = /^v(\d{4})/.exec(text.slice(12));
  if (sizeBytes !== "17" || format !== "01" || !version) {
    throw new BlendFileError({
      code: "blend_unsupported",
      problem: `has a newer format (header of ${sizeBytes} bytes, file format ${format})`,
      offsetBytes: 0,
    });
  }
  return {
    sizeBytes: MAX_HEADER_BYTES,
    format: 1,
    pointerBytes: 8,
    isLittleEndian: true,
    version: Number(version[1]),
  };
}
