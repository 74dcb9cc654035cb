import {Buffer} from 'node:buffer'
import {Cursor} from '../bytes/cursor.js'
import type {Notes, Section, Segment} from '../model/elf.js'
import {elfLimits} from './limits.js'
import {Machine} from './machine.js'
import type {Reader} from './reader.js'
import {SectionType} from './sections.js'
import {SegmentType} from './segments.js'
import {decode} from './strings.js'

/** n_type of notes whose owner is `GNU`, and of the one whose owner is `Go`. */
const NoteType = {abiTag: 1, buildID: 3, property: 5, goBuildID: 4} as const

/** The property that says which control-flow protections all of a file's code supports. */
const featureProperty: ReadonlyMap<number, number> = new Map([
  [Machine.i386, 0xc0000002],
  [Machine.x86_64, 0xc0000002],
  [Machine.aarch64, 0xc0000000],
  [Machine.riscv, 0xc0000000],
])

/** NT_GNU_ABI_TAG: the first word. */
const systems = ['Linux', 'Hurd', 'Solaris', 'FreeBSD', 'NetBSD', 'Syllable', 'NaCl']

interface Table {
  readonly offset: number
  readonly sizeBytes: number
  readonly align: number
}

/** Reads the notes of the segments, and those of sections that no segment holds: Go's linker makes such. */
export function readNotes(reader: Reader, segments: readonly Segment[], sections: readonly Section[]): Notes {
  const found: Found = {buildID: null, goBuildID: null, abiTag: null, features: null, owners: new Set()}
  for (const {offset, sizeBytes, align} of noteTables(reader, segments, sections)) {
    if (sizeBytes > elfLimits.noteBytes) reader.warn('ELF_LIMIT', `the notes at ${offset} have ${sizeBytes} bytes`)
    const length = Math.min(sizeBytes, elfLimits.noteBytes)
    reader.attempt(() => walk(reader, reader.bytes.cursor(offset, length, 'the notes'), align, found))
  }
  return found
}

type Found = {-readonly [Field in keyof Notes]: Notes[Field]} & {readonly owners: Set<string>}

function noteTables(reader: Reader, segments: readonly Segment[], sections: readonly Section[]): readonly Table[] {
  // glibc and the kernel take an alignment of 8 to mean notes that are padded to 8 bytes, and every other to mean 4.
  const ofSegments = segments
    .filter(({type, fileBytes}) => type === SegmentType.note && fileBytes > 0)
    .map(({offset, fileBytes, align}) => ({offset, sizeBytes: fileBytes, align: align === 8 ? 8 : 4}))
  const align = (name: string) => (name === '.note.gnu.property' && reader.bits === 64 ? 8 : 4)
  const isCovered = (at: number) => ofSegments.some(({offset, sizeBytes}) => at >= offset && at < offset + sizeBytes)
  const ofSections = sections
    .filter(({type, sizeBytes, offset}) => type === SectionType.note && sizeBytes > 0 && !isCovered(offset))
    .map(({offset, sizeBytes, name}) => ({offset, sizeBytes, align: align(name)}))
  return [...ofSegments, ...ofSections]
}

function walk(reader: Reader, cursor: Cursor, align: number, found: Found): void {
  for (let count = 0; cursor.remaining >= 12; count++) {
    if (count === elfLimits.noteCount) {
      reader.warn('ELF_LIMIT', `more than ${elfLimits.noteCount} notes`)
      return
    }
    const start = cursor.at
    const nameBytes = cursor.u32()
    const descriptionBytes = cursor.u32()
    const type = cursor.u32()
    const name = cursor.take(nameBytes)
    pad(cursor, align, start)
    const description = cursor.take(descriptionBytes)
    // mold puts notes that are padded to 4 bytes into a segment aligned to 8: what follows them at once is the next one.
    pad(cursor, 4)
    if (cursor.at % align !== 0 && isPadding(cursor)) pad(cursor, align)
    const owner = decode(name, 0, Math.max(0, name.indexOf(0)))
    found.owners.add(owner)
    if (owner === 'Go' && type === NoteType.goBuildID) found.goBuildID ??= decode(description, 0, description.length)
    if (owner === 'GNU') readGnuNote(reader, type, description, found)
  }
}

function readGnuNote(reader: Reader, type: number, description: Uint8Array, found: Found): void {
  const cursor = new Cursor(description, `${reader.bytes.where}, a GNU note`, reader.bytes.little)
  if (type === NoteType.buildID) found.buildID ??= Buffer.from(description).toString('hex')
  if (type === NoteType.abiTag && description.length >= 16) {
    const system = systems[cursor.u32()] ?? 'unknown'
    found.abiTag ??= {system, version: [cursor.u32(), cursor.u32(), cursor.u32()].join('.')}
  }
  if (type !== NoteType.property) return
  while (cursor.remaining >= 8) {
    const property = cursor.u32()
    const value = cursor.take(cursor.u32())
    pad(cursor, reader.wordBytes)
    if (property !== featureProperty.get(reader.header.machineCode) || value.length < 4) continue
    found.features = new Cursor(value, `${reader.bytes.where}, a GNU property`, reader.bytes.little).u32()
  }
}

/** No note has an owner of no bytes. */
function isPadding(cursor: Cursor): boolean {
  const at = cursor.at
  const first = cursor.remaining >= 4 ? cursor.u32() : 0
  cursor.seek(at)
  return first === 0
}

/** Goes to the next multiple of `align` from `start` on, or to the end. */
function pad(cursor: Cursor, align: number, start = 0): void {
  cursor.skip(Math.min(cursor.remaining, (align - ((cursor.at - start) % align)) % align))
}
