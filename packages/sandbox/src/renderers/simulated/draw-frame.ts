import { PNG } from "pngjs";
import { drawText } from "./draw-text.ts";

type Color = readonly [red: number, green: number, blue: number];

const SKY: Color = [28, 32, 44];
const JUICE: Color = [255, 149, 0];
const INK: Color = [240, 240, 240];

/** A disc that moves with the frame number, below a label. @returns a PNG file */
export function drawFrame(width: number, height: number, frame: number): Buffer {
  const image = new PNG({ width, height, colorType: 2, inputHasAlpha: true });
  fill(image, SKY);
  const angle = (frame * Math.PI) / 12;
  const reach = Math.min(width, height) / 4;
  drawDisc(
    image,
    width / 2 + Math.cos(angle) * reach,
    height / 2 + Math.sin(angle) * reach,
    reach / 2,
    JUICE,
  );
  const scale = Math.max(1, Math.floor(Math.min(width / 100, height / 40)));
  drawText(image, "SIMULATED", 4 * scale, 4 * scale, scale, INK);
  drawText(image, `FRAME ${frame}`, 4 * scale, 14 * scale, scale, INK);
  // Speed matters more than size, since tests draw thousands.
  return PNG.sync.write(image, { colorType: 2, deflateLevel: 1 });
}

export function setPixel(image: PNG, x: number, y: number, [red, green, blue]: Color): void {
  if (x < 0 || y < 0 || x >= image.width || y >= image.height) return;
  const offset = (y * image.width + x) * 4;
  image.data[offset] = red;
  image.data[offset + 1] = green;
  image.data[offset + 2] = blue;
  image.data[offset + 3] = 255;
}

function fill(image: PNG, [red, green, blue]: Color): void {
  image.data.fill(Buffer.from([red, green, blue, 255]));
}

function drawDisc(image: PNG, centerX: number, centerY: number, radius: number, color: Color): void {
  for (let y = Math.floor(centerY - radius); y <= centerY + radius; y++) {
    for (let x = Math.floor(centerX - radius); x <= centerX + radius; x++) {
      if (Math.hypot(x - centerX, y - centerY) <= radius) setPixel(image, x, y, color);
    }
  }
}
