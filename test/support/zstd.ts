/** Magic and header of a zstd frame without content size and checksum, RFC 8878 section 3.1.1. */
export function zstdHeader(windowLog: number): Buffer {
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (windowLog - 10) << 3])
}

/** A block that holds `content`, a character a byte, as it is, or its one byte `count` times. */
export function zstdBlock(kind: 'raw' | 'run', content: string, count: number, last = false): Buffer {
  const header = Buffer.alloc(3)
  header.writeUIntLE((count << 3) | (kind === 'run' ? 2 : 0) | (last ? 1 : 0), 0, 3)
  return Buffer.concat([header, Buffer.from(content, 'latin1')])
}

/** A whole frame with one stored block of at most 128 KiB. */
export function rawFrame(content: string): Buffer {
  return Buffer.concat([zstdHeader(17), zstdBlock('raw', content, content.length, true)])
}

/** A frame that decoders pass over. */
export function skippableFrame(sizeBytes: number): Buffer {
  const header = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 0, 0, 0, 0])
  header.writeUInt32LE(sizeBytes, 4)
  return Buffer.concat([header, Buffer.alloc(sizeBytes, 0x28)])
}
