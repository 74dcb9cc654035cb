import {sliceSource} from '../bytes/source.js'
import type {ByteSource} from '../model/bytes.js'
import {sparseSource} from './sparse.js'
import {type TarMember, type TarSink, TarWalker} from './tar.js'

/** Bytes that are fetched at a time where a tar is read at offsets: a small layer's headers in a few reads. */
const windowBytes = 32 * 1024

/**
 * Walks a tar that can be read at offsets: headers, and whatever bodies the sink asks for; the rest is never read.
 * @throws {ArchiveError} as {@link TarWalker}
 */
export function walkTar(tar: ByteSource, sink: TarSink, where: string): void {
  const walker = new TarWalker(sink, where)
  for (let at = 0; at < tar.sizeBytes && !walker.ended; ) {
    const skip = Math.min(walker.skippable, tar.sizeBytes - at)
    walker.skip(skip)
    at += skip
    const window = tar.read(at, windowBytes)
    if (window.length === 0) break
    walker.push(window)
    at += window.length
  }
  walker.end()
}

/** The content of a member of a tar that can be read at offsets. */
export function memberSource(tar: ByteSource, member: TarMember): ByteSource {
  const stored = sliceSource(tar, member.offset, member.storedSize)
  return member.fragments === null ? stored : sparseSource(stored, member.fragments, member.size)
}
