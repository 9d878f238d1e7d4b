import { crc32 } from "node:zlib";
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

/** A zip with one entry; packed when `pack` is given. */
export function packZip(name: string, content: Buffer, pack?: (content: Buffer) => Buffer): Buffer {
  const packed = pack ? pack(content) : content;
  const method = pack ? 8 : 0;
  const sizes = int32(crc32(content) | 0, packed.length, content.length);
  const head = Buffer.concat([int16(20, 0, method, 0, 0), sizes, int16(name.length, 0)]);
  const local = Buffer.concat([Buffer.from("PK\x03\x04"), head, Buffer.from(name), packed]);
  const entry = Buffer.concat([
    ...[Buffer.from("PK\x01\x02"), int16(20), head, int16(0, 0, 0), int32(0, 0), Buffer.from(name)],
  ]);
  const end = [Buffer.from("PK\x05\x06"), int16(0, 0, 1, 1), int32(entry.length, local.length), int16(0)];
  return Buffer.concat([local, entry, ...end]);
}

function int16(...numbers: readonly number[]): Buffer {
  const buffer = Buffer.alloc(numbers.length * 2);
  for (const [index, number] of numbers.entries()) buffer.writeUInt16LE(number, index * 2);
  return buffer;
}
