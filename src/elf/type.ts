import {
  type Dynamic,
  type ElfHeader,
  type ElfType,
  isUnreadable,
  type Part,
  type Section,
  type Segment,
} from '../model/elf.js'
import {DynamicFlag1, Tag} from './dynamic.js'
import {FileType, SegmentFlag} from './header.js'
import {SectionFlag, SectionType} from './sections.js'
import {SegmentType} from './segments.js'

/** Tells executables, libraries and the rest apart, as the kernel and the loaders do. */
export function elfType(
  header: ElfHeader,
  segments: Part<readonly Segment[]>,
  interpreter: Part<string | null>,
  dynamic: Part<Dynamic | null>,
): ElfType {
  if (header.type === FileType.relocatable) return 'relocatable'
  if (header.type === FileType.core) return 'core'
  if (header.type !== FileType.executable && header.type !== FileType.dynamic) return 'unknown'
  if (isUnreadable(segments) || segments.length === 0) return 'unknown'
  const interpreted = isUnreadable(interpreter) || interpreter !== null
  const isDynamic = isUnreadable(dynamic) || dynamic !== null
  if (header.type === FileType.executable) return interpreted || isDynamic ? 'executable' : 'static'
  if (isUnreadable(dynamic)) return interpreted ? 'pie' : 'unknown'
  if (interpreted) return dynamic === null || isProgram(dynamic) ? 'pie' : 'shared'
  if (dynamic === null) return startsInCode(header.entry, segments) ? 'static-pie' : 'shared'
  if (dynamic.flags1 & DynamicFlag1.pie) return 'static-pie'
  return isProgram(dynamic) && startsInCode(header.entry, segments) ? 'static-pie' : 'shared'
}

/**
 * DF_1_PIE; before binutils 2.26 only what linkers put into programs alone, a place for the debugger. A library that can be
 * run as a program, as libc.so.6 can, has an interpreter too, but neither of these.
 */
function isProgram({flags1, values, soname}: Dynamic): boolean {
  if (flags1 & DynamicFlag1.pie) return true
  return soname === null && [Tag.debug, Tag.mipsDebug, Tag.mipsDebugRelative].some(tag => values.has(tag))
}

function startsInCode(entry: number, segments: readonly Segment[]): boolean {
  return segments.some(
    ({type, flags, address, memoryBytes}) =>
      type === SegmentType.load && flags & SegmentFlag.execute && entry > address && entry < address + memoryBytes,
  )
}

/** What `objcopy --only-keep-debug` leaves: headers of segments and sections whose bytes are in another file. */
export function isDebugFile(segments: readonly Segment[], sections: readonly Section[]): boolean {
  const code = sections.filter(({flags}) => flags & SectionFlag.execute && flags & SectionFlag.allocate)
  return (
    code.length > 0 &&
    code.every(({type}) => type === SectionType.nobits) &&
    segments.some(({type}) => type === SegmentType.load) &&
    sections.some(({name}) => name.startsWith('.debug_') || name.startsWith('.zdebug_') || name === '.symtab')
  )
}
