import {sniffBytes, sniffCompression} from '../archive/compression.js'
import {hasTarChecksum, isZeroBlock} from '../archive/tar-header.js'
import {SourceError} from '../model/errors.js'
import {isElf} from './elf.js'

/** Bytes by which {@link kindOf} tells a file. */
export const kindBytes = 512

/** What a file is by its first bytes; never by its name. Which archive, is seen by what is in it. */
export type FileKind = 'elf' | 'archive'

/** @throws {SourceError} SOURCE_UNKNOWN for what piton does not open */
export function kindOf(head: Uint8Array, name: string): FileKind {
  if (isElf(head)) return 'elf'
  const isTar = head.length >= kindBytes && (hasTarChecksum(head) || isZeroBlock(head, 0))
  if (isTar || sniffCompression(head.subarray(0, sniffBytes)) !== 'none') return 'archive'
  throw noArchive(head, name)
}

/** Says that a file is no archive. */
export function noArchive(head: Uint8Array, name: string): SourceError {
  const what = head.length === 0 ? 'is empty' : 'is not a tar archive, plain or compressed with gzip, zstd or xz'
  return new SourceError('SOURCE_UNKNOWN', `${name} ${what}`, {
    hint: 'piton opens what docker save writes, OCI archives and layouts, root file systems (folders and tarballs) and ELF files.',
  })
}
