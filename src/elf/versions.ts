import {copyBytes} from '../model/bytes.js'
import type {Dynamic, SymbolVersion} from '../model/elf.js'
import {isUnreadable} from '../model/elf.js'
import {ElfError} from '../model/errors.js'
import type {AddressMap, Place} from './addresses.js'
import {dynamicStrings, dynamicTable, Tag} from './dynamic.js'
import {elfLimits} from './limits.js'
import type {Reader} from './reader.js'
import type {StringTable} from './strings.js'

/** Entries of DT_VERSYM: 15 bits of index and the hidden bit; 0 is local, 1 is global without a version. */
const hiddenBit = 0x8000
const firstNamed = 2

/** What a version index means. */
export interface NamedVersion {
  readonly name: string
  readonly library: string | null
}

/** The versions of dynamic symbols, Linux Standard Base "Symbol Versioning". */
export class Versions {
  /** From DT_VERNEED, by index. */
  readonly needed: ReadonlyMap<number, NamedVersion>
  /** From DT_VERDEF, by index. */
  readonly defined: ReadonlyMap<number, NamedVersion>
  /** DT_VERSYM. */
  readonly #indexes: DataView
  readonly #little: boolean

  /** @param indexes entries of DT_VERSYM, as they stand in the file */
  constructor(
    indexes: Uint8Array,
    little: boolean,
    needed: ReadonlyMap<number, NamedVersion>,
    defined: ReadonlyMap<number, NamedVersion>,
  ) {
    this.#indexes = new DataView(indexes.buffer, indexes.byteOffset, indexes.byteLength)
    this.#little = little
    this.needed = needed
    this.defined = defined
  }

  /** Version of the symbol at `index`; one that is neither local nor global without a version. */
  of(index: number, defined: boolean): SymbolVersion | null {
    if (!(index >= 0 && index * 2 + 2 <= this.#indexes.byteLength)) return null
    const entry = this.#indexes.getUint16(index * 2, this.#little)
    const version = entry & ~hiddenBit
    const hidden = (entry & hiddenBit) !== 0
    if (version < firstNamed) return hidden ? {name: '', library: null, hidden} : null
    // A copied object is defined here and carries the version of the library it comes from.
    const [first, second] = defined ? [this.defined, this.needed] : [this.needed, this.defined]
    const named = first.get(version) ?? second.get(version)
    return named ? {...named, hidden} : {name: '', library: null, hidden}
  }
}

/** null, with a warning where it is damaged, if the file has no DT_VERSYM. */
export function readVersions(
  reader: Reader,
  dynamic: Dynamic,
  addresses: AddressMap,
  symbolCount: number,
): Versions | null {
  const {values} = dynamic
  const place = dynamicTable(reader, values, addresses, Tag.versym, 'DT_VERSYM')
  if (place === null) return null
  const strings = dynamicStrings(reader, values, addresses)
  const list = (tag: number, countTag: number, name: 'DT_VERNEED' | 'DT_VERDEF', read: typeof readNeed) => {
    const at = dynamicTable(reader, values, addresses, tag, name)
    if (at === null || strings === null) return new Map<number, NamedVersion>()
    const found = new Map<number, NamedVersion>()
    reader.attempt(() => walk(reader, at, values.get(countTag), name, strings, read, found))
    return found
  }
  const versions = reader.attempt(() => {
    const count = Math.min(symbolCount, Math.floor(place.sizeBytes / 2))
    return new Versions(
      copyBytes(reader.bytes.take(place.offset, count * 2, 'DT_VERSYM')),
      reader.bytes.little,
      list(Tag.verneed, Tag.verneedCount, 'DT_VERNEED', readNeed),
      list(Tag.verdef, Tag.verdefCount, 'DT_VERDEF', readDefinition),
    )
  })
  return isUnreadable(versions) ? null : versions
}

interface ListContext {
  readonly reader: Reader
  readonly place: Place
  readonly name: string
  readonly strings: StringTable
  readonly found: Map<number, NamedVersion>
  /** Records that may still be read: a list whose links go round ends here. */
  left: number
}

/** Walks the records of either list; each names the distance to the next one, 0 at the end. */
function walk(
  reader: Reader,
  place: Place,
  count: number | undefined,
  name: string,
  strings: StringTable,
  read: (context: ListContext, at: number) => number,
  found: Map<number, NamedVersion>,
): void {
  const context: ListContext = {reader, place, name, strings, found, left: elfLimits.versions}
  let at = 0
  for (let record = 0; record < (count ?? elfLimits.versions); record++) {
    const next = read(context, at)
    if (next === 0) return
    at += next
  }
}

/** A record of DT_VERNEED: a library, and the versions that are wanted from it. */
function readNeed(context: ListContext, at: number): number {
  const cursor = record(context, at, 16)
  cursor.skip(2)
  const count = cursor.u16()
  const library = context.strings.at(cursor.u32())
  let auxiliaryAt = at + cursor.u32()
  const next = cursor.u32()
  for (let index = 0; index < count; index++) {
    const auxiliary = record(context, auxiliaryAt, 16)
    auxiliary.skip(6)
    const version = auxiliary.u16() & ~hiddenBit
    const name = context.strings.at(auxiliary.u32())
    const nextAuxiliary = auxiliary.u32()
    if (name !== null) context.found.set(version, {name, library})
    if (nextAuxiliary === 0) break
    auxiliaryAt += nextAuxiliary
  }
  return next
}

/** A record of DT_VERDEF: a version; of its names the first is its own. */
function readDefinition(context: ListContext, at: number): number {
  const cursor = record(context, at, 20)
  cursor.skip(4)
  const version = cursor.u16() & ~hiddenBit
  cursor.skip(6)
  const auxiliary = record(context, at + cursor.u32(), 8)
  const next = cursor.u32()
  const name = context.strings.at(auxiliary.u32())
  if (name !== null) context.found.set(version, {name, library: null})
  return next
}

function record(context: ListContext, at: number, sizeBytes: number) {
  const {reader, place, name} = context
  if (context.left-- === 0) {
    throw new ElfError('ELF_LIMIT', `${reader.bytes.where}: ${name} at ${place.offset} has too many records`)
  }
  if (!(at + sizeBytes <= place.sizeBytes)) {
    throw new ElfError('ELF_BAD_TABLE', `${reader.bytes.where}: ${name} at ${place.offset} leaves its segment at ${at}`)
  }
  return reader.bytes.cursor(place.offset + at, sizeBytes, name)
}
