import {type Dynamic, type ElfType, isUnreadable, type Part, type Section, type Segment} from '../model/elf.js'
import {DynamicFlag1, Tag} from './dynamic.js'
import {FileType} from './header.js'
import type {Reader} from './reader.js'
import {SectionFlag, SectionType} from './sections.js'
import {SegmentFlag, SegmentType} from './segments.js'

/** What tells an executable from a library, as far as it could be read. */
interface Parts {
  readonly segments: Part<readonly Segment[]>
  readonly sections: Part<readonly Section[]>
  readonly interpreter: Part<string | null>
  readonly dynamic: Part<Dynamic | null>
}

/** Tells executables, libraries and the rest apart, as the kernel and the loaders do. */
export function elfType({header}: Reader, {segments, sections, interpreter, dynamic}: Parts): ElfType {
  if (header.type === FileType.relocatable) return 'relocatable'
  if (header.type === FileType.core) return 'core'
  if (header.type !== FileType.executable && header.type !== FileType.dynamic) return 'unknown'
  if (isUnreadable(segments) || segments.length === 0) return 'unknown'
  if (!isUnreadable(sections) && isDebugFile(segments, sections)) return 'debug'
  const interpreted = isUnreadable(interpreter) || interpreter !== null
  const isDynamic = isUnreadable(dynamic) || dynamic !== null
  if (header.type === FileType.executable) return interpreted || isDynamic ? 'executable' : 'static'
  if (isUnreadable(dynamic)) return interpreted ? 'pie' : 'unknown'
  if (interpreted) return dynamic === null || isProgram(dynamic) || dynamic.soname === null ? 'pie' : 'shared'
  if (dynamic === null) return startsInCode(header.entry, segments) ? 'static-pie' : 'shared'
  if (dynamic.flags1 & DynamicFlag1.pie) return 'static-pie'
  const looksLikeProgram = dynamic.values.has(Tag.debug) && dynamic.soname === null && dynamic.needed.length === 0
  return looksLikeProgram && startsInCode(header.entry, segments) ? 'static-pie' : 'shared'
}

/** DF_1_PIE; before binutils 2.26 DT_DEBUG, which a library does not have. A library that can be run has a soname. */
function isProgram({flags1, values, soname}: Dynamic): boolean {
  return (flags1 & DynamicFlag1.pie) !== 0 || (values.has(Tag.debug) && soname === null)
}

function startsInCode(entry: number, segments: readonly Segment[]): boolean {
  return segments.some(
    ({type, flags, address, memoryBytes}) =>
      type === SegmentType.load && flags & SegmentFlag.execute && entry > address && entry < address + memoryBytes,
  )
}

/** What `objcopy --only-keep-debug` leaves: headers of segments and sections whose bytes are in another file. */
function isDebugFile(segments: readonly Segment[], sections: readonly Section[]): boolean {
  const code = sections.filter(({flags}) => flags & SectionFlag.execute && flags & SectionFlag.allocate)
  return (
    code.length > 0 &&
    code.every(({type}) => type === SectionType.nobits) &&
    segments.some(({type}) => type === SegmentType.load) &&
    sections.some(({name}) => name.startsWith('.debug_') || name.startsWith('.zdebug_') || name === '.symtab')
  )
}
