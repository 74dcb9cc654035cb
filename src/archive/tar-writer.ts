const blockBytes = 512

/** A plain file for a tar. */
export interface TarFile {
  /** At most 100 bytes. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** A tar of plain files, in the form of POSIX.1-1988 (ustar). The same files and time make the same bytes. */
export function writeTar(files: readonly TarFile[], seconds: number): Buffer {
  const parts = files.flatMap(({name, bytes}) => {
    const padding = (blockBytes - (bytes.length % blockBytes)) % blockBytes
    return [headerOf(name, bytes.length, seconds), bytes, Buffer.alloc(padding)]
  })
  return Buffer.concat([...parts, Buffer.alloc(2 * blockBytes)])
}

function headerOf(name: string, sizeBytes: number, seconds: number): Buffer {
  const header = Buffer.alloc(blockBytes)
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${name} is too long for a tar`)
  header.write(name, 0)
  header.write('0000644\0', 100)
  for (const at of [108, 116]) header.write('0000000\0', at)
  header.write(`${sizeBytes.toString(8).padStart(11, '0')}\0`, 124)
  header.write(`${Math.max(0, Math.floor(seconds)).toString(8).padStart(11, '0')}\0`, 136)
  header.write('        0', 148)
  header.write('ustar\u000000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}
