import {Buffer} from 'node:buffer'
import type {ByteSource} from '../model/bytes.js'
import {type ElfFacts, isUnreadable} from '../model/elf.js'
import type {Musl} from './environment.js'
import {readObject} from './read-object.js'
import {type MuslVersion, parseMuslVersion} from './version.js'

/**
 * musl as its own file makes it: what it exports, and the version that it prints when it is started by hand.
 * @param fallback the version where the file does not tell, as of the package that owns it
 * @returns null for a file without exports that can be read, or a version from neither
 */
export function readMusl(elf: ElfFacts, source: ByteSource, fallback: MuslVersion | null): Musl | null {
  const {exports, unusable} = readObject(elf, source)
  const version = statedVersion(elf) ?? fallback
  return unusable !== null || version === null ? null : {version, exports, path: elf.where}
}

/** The only text of this form in musl: its VERSION, a string of its own. */
function statedVersion(elf: ElfFacts): MuslVersion | null {
  const pieces = elf.readOnlyData()
  if (isUnreadable(pieces)) return null
  for (const {buffer, byteOffset, length} of pieces) {
    const text = Buffer.from(buffer, byteOffset, length).toString('latin1')
    const [, version = ''] = /\0(1\.[0-9]\.[0-9]{1,2})(?:[_-][\w.-]{1,40})?\0/.exec(text) ?? []
    const parsed = parseMuslVersion(version)
    if (parsed !== null) return parsed
  }
  return null
}
