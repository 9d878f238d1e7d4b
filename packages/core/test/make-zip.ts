import { crc32, deflateRawSync } from "node:zlib";

export interface MadeEntry {
  readonly name: string | Buffer;
  readonly content?: Buffer | string;
  /** Its bytes are stored all the same when it is not 8. @default 8 */
  readonly method?: number;
  /** @default 0x800, names in UTF-8 */
  readonly flags?: number;
  /** Unix mode. */
  readonly mode?: number;
}

/** An archive as other programs write it, or should not. */
export function makeZip(entries: readonly MadeEntry[], comment = ""): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { local, central } = makeEntry(entry, offset);
    locals.push(local);
    centrals.push(central);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...locals, directory, end, Buffer.from(comment, "latin1")]);
}

function makeEntry(entry: MadeEntry, offset: number): { local: Buffer; central: Buffer } {
  const { content = "", method = 8, flags = 0x800, mode = 0o100644 } = entry;
  const name = Buffer.from(entry.name as string);
  const bytes = Buffer.from(content as string);
  const packed = method === 8 ? deflateRawSync(bytes) : bytes;
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(flags, 2);
  common.writeUInt16LE(method, 4);
  common.writeUInt32LE(crc32(bytes), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(bytes.length, 18);
  common.writeUInt16LE(name.length, 22);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE((mode << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  return {
    local: Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, name, packed]),
    central: Buffer.concat([Buffer.from("PK\x01\x02\x14\x03", "latin1"), common, rest, name]),
  };
}
