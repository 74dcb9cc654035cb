import {closeSync, fstatSync, openSync, readdirSync, readSync} from 'node:fs'
import {join} from 'node:path'
import {isElf} from '../../src/elf/header.js'
import type {ByteSource} from '../../src/model/bytes.js'

/** Calls `use` with the bytes of a file, which are read as they are asked for. */
export function withFile<T>(path: string, use: (source: ByteSource) => T): T {
  const file = openSync(path, 'r')
  try {
    return use({
      sizeBytes: fstatSync(file).size,
      read(offset, length) {
        const bytes = Buffer.alloc(length)
        return bytes.subarray(0, readSync(file, bytes, 0, length, offset))
      },
    })
  } finally {
    closeSync(file)
  }
}

/** Every ELF file in `folder` and below; links are not followed. */
export function elfFilesIn(folder: string): readonly string[] {
  return readdirSync(folder, {withFileTypes: true}).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return elfFilesIn(path)
    return entry.isFile() && withFile(path, source => isElf(source.read(0, 4))) ? [path] : []
  })
}
