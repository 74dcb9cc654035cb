import type {Code, Section, Segment} from '../model/elf.js'
import type {AddressMap} from './addresses.js'
import {SegmentFlag} from './header.js'
import {elfLimits} from './limits.js'
import type {Reader} from './reader.js'
import {SectionFlag, SectionType} from './sections.js'
import {SegmentType} from './segments.js'

/** A run of bytes in the file and its address. */
interface Run {
  readonly address: number
  readonly offset: number
  readonly sizeBytes: number
}

/**
 * The machine code: by sections, because a segment may hold data between its code; by segments where there are none, or
 * where they do not lie in the file where the segments say.
 */
export function readCode(
  reader: Reader,
  segments: readonly Segment[],
  sections: readonly Section[],
  addresses: AddressMap,
  mostBytes: number,
): Code {
  const ofSections = sections
    .filter(
      ({type, flags}) => flags & SectionFlag.execute && flags & SectionFlag.allocate && type !== SectionType.nobits,
    )
    .filter(({sizeBytes}) => sizeBytes > 0)
  const agree = ofSections.every(({address, offset, sizeBytes}) => {
    const place = addresses.find(address)
    return place?.offset === offset && sizeBytes <= place.sizeBytes
  })
  const ofSegments = loads(segments).filter(({flags}) => flags & SegmentFlag.execute)
  const runs = agree && ofSections.length > 0 ? ofSections : ofSegments.map(asRun)
  return take(reader, runs, mostBytes, 'the code')
}

/** What is mapped for reading only or with the code, even if that is writable (`ld -N`): where compilers put text. */
export function readReadOnlyData(reader: Reader, segments: readonly Segment[]): readonly Uint8Array[] {
  const runs = loads(segments).filter(({flags}) => {
    return flags & SegmentFlag.read && (flags & SegmentFlag.execute || !(flags & SegmentFlag.write))
  })
  return take(reader, runs.map(asRun), elfLimits.dataBytes, 'read-only data').pieces.map(({bytes}) => bytes)
}

function loads(segments: readonly Segment[]): readonly Segment[] {
  return segments.filter(({type, fileBytes}) => type === SegmentType.load && fileBytes > 0)
}

function asRun({address, offset, fileBytes}: Segment): Run {
  return {address, offset, sizeBytes: fileBytes}
}

function take({bytes}: Reader, runs: readonly Run[], most: number, what: string): Code {
  let left: number = most
  const pieces = runs.map(({address, offset, sizeBytes}) => {
    const length = Math.min(sizeBytes, left)
    left -= length
    return {address, bytes: bytes.take(offset, length, what)}
  })
  return {pieces: pieces.filter(piece => piece.bytes.length > 0), complete: left > 0}
}
