import type {ByteSource} from '../model/bytes.js'
import {type Dynamic, type ElfFacts, isUnreadable, type Relocations, type Section, type Segment} from '../model/elf.js'
import {ElfError} from '../model/errors.js'
import {AddressMap} from './addresses.js'
import {readCode, readReadOnlyData} from './code.js'
import {readDynamic} from './dynamic.js'
import {readHeader} from './header.js'
import {elfLimits} from './limits.js'
import {readNotes} from './notes.js'
import {once, Reader} from './reader.js'
import {readRelocations} from './relocations.js'
import {readSections, SectionType} from './sections.js'
import {readSegments, SegmentType} from './segments.js'
import {decode} from './strings.js'
import {readDynamicSymbols, readStaticSymbols} from './symbols.js'
import {elfType, isDebugFile} from './type.js'
import {readUnwound} from './unwind.js'

/**
 * Reads what an ELF file says about itself: by its segments, as the loader does, and by its sections only what nothing
 * else tells.
 * @param where name of the file, for messages
 * @throws {ElfError} only if not even the ELF header can be read; what is behind it becomes warnings and unreadable parts
 */
export function readElf(source: ByteSource, where: string): ElfFacts {
  const reader = new Reader(source, where, readHeader(source, where))
  const segments = reader.attempt(() => readSegments(reader))
  const sections = reader.attempt(() => readSections(reader))
  const known = isUnreadable(sections) ? [] : sections
  const addresses = new AddressMap(isUnreadable(segments) ? [] : segments, source.sizeBytes)
  const debug = !isUnreadable(segments) && isDebugFile(segments, known)
  const interpreter = reader.using(segments, segments => (debug ? null : readInterpreter(reader, segments)))
  const dynamic = reader.using(segments, segments => (debug ? null : readDynamic(reader, segments, addresses)))
  return {
    where,
    sizeBytes: source.sizeBytes,
    header: reader.header,
    type: debug ? 'debug' : elfType(reader.header, segments, interpreter, dynamic),
    segments,
    sections,
    interpreter,
    dynamic,
    warnings: reader.warnings,
    notes: once(() => reader.using(segments, segments => readNotes(reader, segments, known))),
    comments: once(() => readComments(reader, known)),
    symbols: once(() =>
      reader.using(dynamic, dynamic => dynamic && readDynamicSymbols(reader, dynamic, addresses, known)),
    ),
    staticSymbols: once(() => reader.using(sections, sections => readStaticSymbols(reader, sections))),
    relocations: once(() => reader.using(dynamic, dynamic => relocationsOf(reader, dynamic, addresses))),
    code: mostBytes => reader.using(segments, segments => readCode(reader, segments, known, addresses, mostBytes)),
    unwound: once(() => reader.using(segments, segments => readUnwound(reader, segments, known, addresses))),
    readOnlyData: once(() => reader.using(segments, segments => readReadOnlyData(reader, segments))),
  }
}

/** What is read of every file. */
export type ElfOutline = Pick<ElfFacts, 'where' | 'header' | 'type' | 'segments' | 'interpreter' | 'dynamic'>
/** What decides how a file is linked at run time. */
export type LinkFacts = ElfOutline & Pick<ElfFacts, 'sections' | 'relocations'>

/** The rest of {@link LinkFacts}, each when it is first asked for, of a file that was read and let go. */
export function readOn(source: ByteSource, outline: ElfOutline): LinkFacts {
  const {where, header, type, segments, interpreter, dynamic} = outline
  const reader = new Reader(source, where, header)
  const sections = once(() => reader.attempt(() => readSections(reader)))
  return {
    where,
    header,
    type,
    segments,
    interpreter,
    dynamic,
    get sections() {
      return sections()
    },
    relocations: once(() => {
      const addresses = new AddressMap(isUnreadable(segments) ? [] : segments, source.sizeBytes)
      return reader.using(dynamic, dynamic => relocationsOf(reader, dynamic, addresses))
    }),
  }
}

function relocationsOf(reader: Reader, dynamic: Dynamic | null, addresses: AddressMap): Relocations {
  return dynamic ? readRelocations(reader, dynamic, addresses) : noRelocations
}

const noRelocations: Relocations = {types: new Map(), uses: [], relative: 0}

/** The path in PT_INTERP, without its final NUL; null where there is none. */
function readInterpreter({bytes}: Reader, segments: readonly Segment[]): string | null {
  const segment = segments.find(({type}) => type === SegmentType.interpreter)
  if (segment === undefined) return null
  if (segment.fileBytes > elfLimits.nameBytes) {
    throw new ElfError('ELF_LIMIT', `${bytes.where}: PT_INTERP has ${segment.fileBytes} bytes`)
  }
  const path = bytes.take(segment.offset, segment.fileBytes, 'PT_INTERP')
  const end = path.indexOf(0)
  return decode(path, 0, end === -1 ? path.length : end)
}

/** Strings of `.comment`, each once. */
function readComments(reader: Reader, sections: readonly Section[]): readonly string[] {
  const section = sections.find(({name, type}) => name === '.comment' && type !== SectionType.nobits)
  if (section === undefined) return []
  const length = Math.min(section.sizeBytes, elfLimits.commentBytes)
  const bytes = reader.attempt(() => reader.bytes.take(section.offset, length, '.comment'))
  if (isUnreadable(bytes)) return []
  return [...new Set(decode(bytes, 0, bytes.length).split('\0'))].filter(text => text !== '')
}
