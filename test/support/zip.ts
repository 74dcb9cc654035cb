import {deflateRawSync} from 'node:zlib'

/** One file of a zip archive that a test builds. */
export interface ZipItem {
  readonly name: string
  readonly body: Uint8Array
  readonly deflated?: boolean
  /** What the headers say, where it is not the length of the body. */
  readonly sizeBytes?: number
  readonly method?: number
}

/** A zip archive; `large` writes the end record and the sizes in the 64-bit form. */
export function zipOf(items: readonly ZipItem[], {large = false, comment = ''} = {}): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const item of items) {
    const stored = item.deflated ? deflateRawSync(item.body) : Buffer.from(item.body)
    const name = Buffer.from(item.name)
    const sizes = {stored: stored.length, size: item.sizeBytes ?? item.body.length}
    const method = item.method ?? (item.deflated ? 8 : 0)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(method, 8)
    local.writeUInt32LE(sizes.stored, 18)
    local.writeUInt32LE(sizes.size, 22)
    local.writeUInt16LE(name.length, 26)
    parts.push(local, name, stored)
    directory.push(directoryEntry(name, method, sizes, offset, large))
    offset += local.length + name.length + stored.length
  }
  const central = Buffer.concat(directory)
  return Buffer.concat([...parts, central, ...endOf(items.length, central.length, offset, large, comment)])
}

function directoryEntry(
  name: Buffer,
  method: number,
  {stored, size}: {readonly stored: number; readonly size: number},
  offset: number,
  large: boolean,
): Buffer {
  const entry = Buffer.alloc(46)
  const extra = large ? Buffer.alloc(4 + 24) : Buffer.alloc(0)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(method, 10)
  entry.writeUInt32LE(large ? 0xffffffff : stored, 20)
  entry.writeUInt32LE(large ? 0xffffffff : size, 24)
  entry.writeUInt16LE(name.length, 28)
  entry.writeUInt16LE(extra.length, 30)
  entry.writeUInt32LE(large ? 0xffffffff : offset, 42)
  if (large) {
    extra.writeUInt16LE(1, 0)
    extra.writeUInt16LE(24, 2)
    for (const [index, value] of [size, stored, offset].entries()) extra.writeBigUInt64LE(BigInt(value), 4 + index * 8)
  }
  return Buffer.concat([entry, name, extra])
}

function endOf(count: number, sizeBytes: number, offset: number, large: boolean, comment: string): Buffer[] {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(large ? 0xffffffff : sizeBytes, 12)
  end.writeUInt32LE(large ? 0xffffffff : offset, 16)
  end.writeUInt16LE(comment.length, 20)
  const record = Buffer.alloc(56)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeBigUInt64LE(BigInt(sizeBytes), 40)
  record.writeBigUInt64LE(BigInt(offset), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(offset + sizeBytes), 8)
  return [...(large ? [record, locator] : []), end, Buffer.from(comment)]
}
