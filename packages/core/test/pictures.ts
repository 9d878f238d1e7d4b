import { PNG } from "pngjs";

/** A PNG that is as large as its pixels; other seeds, other pixels. */
export function drawPicture(seed = 1, width = 160, height = 120): Buffer {
  const image = new PNG({ width, height });
  for (let index = 0; index < image.data.length; index++)
    image.data[index] = (index * seed + (index >> 7)) & 0xff;
  return PNG.sync.write(image, { deflateLevel: 0 });
}

/** An OpenEXR of one channel without compression, one chunk a line. */
export function drawExr(seed = 1, width = 64, height = 48): Buffer {
  const box = int32(0, 0, width - 1, height - 1);
  const header = Buffer.concat([
    int32(0x01312f76, 2),
    attribute("channels", "chlist", Buffer.concat([text("Y"), int32(1, 0, 1, 1), Buffer.from([0])])),
    attribute("compression", "compression", Buffer.from([0])),
    attribute("dataWindow", "box2i", box),
    attribute("displayWindow", "box2i", box),
    attribute("lineOrder", "lineOrder", Buffer.from([0])),
    Buffer.from([0]),
  ]);
  const lineBytes = width * 2;
  const lines = Array.from({ length: height }, (_, y) => {
    const pixels = Buffer.from(Array.from({ length: lineBytes }, (_, x) => (x * seed + y * 7) & 0xff));
    return Buffer.concat([int32(y, lineBytes), pixels]);
  });
  const table = Buffer.alloc(height * 8);
  for (const y of lines.keys()) {
    table.writeBigUInt64LE(BigInt(header.length + table.length + y * (8 + lineBytes)), y * 8);
  }
  return Buffer.concat([header, table, ...lines]);
}

function attribute(name: string, type: string, value: Buffer): Buffer {
  return Buffer.concat([text(name), text(type), int32(value.length), value]);
}

function text(content: string): Buffer {
  return Buffer.from(`${content}\0`, "latin1");
}

function int32(...numbers: readonly number[]): Buffer {
  const buffer = Buffer.alloc(numbers.length * 4);
  for (const [index, number] of numbers.entries()) buffer.writeInt32LE(number, index * 4);
  return buffer;
}
