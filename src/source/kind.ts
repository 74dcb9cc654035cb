import {isDatabaseFile, isPackageFile} from '../apk/package-file.js'
import {sniffBytes, sniffCompression} from '../archive/compression.js'
import {hasTarChecksum, isZeroBlock} from '../archive/tar-header.js'
import {SourceError} from '../model/errors.js'
import {isElf} from './elf.js'

/** Bytes by which {@link kindOf} tells a file. */
export const kindBytes = 512

/** What a file is by its first bytes; never by its name. Which archive, is seen by what is in it. */
export type FileKind = 'elf' | 'apk' | 'archive'

/** @throws {SourceError} SOURCE_UNKNOWN, SOURCE_UNSUPPORTED for what piton does not open */
export function kindOf(head: Uint8Array, name: string): FileKind {
  if (isElf(head)) return 'elf'
  if (isPackageFile(head)) return 'apk'
  if (isDatabaseFile(head)) throw newFormat(name)
  const isTar = head.length >= kindBytes && (hasTarChecksum(head) || isZeroBlock(head, 0))
  if (isTar || sniffCompression(head.subarray(0, sniffBytes)) !== 'none') return 'archive'
  throw noArchive(head, name)
}

function newFormat(name: string): SourceError {
  return new SourceError('SOURCE_UNSUPPORTED', `${name} is in the format of apk 3 (ADB), which piton does not read`, {
    hint: 'Install it into a root file system (apk add --root DIR) and scan that, or build it as an apk 2 package.',
  })
}

/** Says that a file is no archive. */
export function noArchive(head: Uint8Array, name: string): SourceError {
  const what = head.length === 0 ? 'is empty' : 'is not a tar archive, plain or compressed with gzip, zstd or xz'
  return new SourceError('SOURCE_UNKNOWN', `${name} ${what}`, {
    hint: 'piton opens what docker save writes, OCI archives and layouts, root file systems (folders and tarballs), apk 2 packages and ELF files.',
  })
}
