import {AddressMap, type Place} from '../elf/addresses.js'
import {DynamicFlag, DynamicFlag1, dynamicTable, Tag} from '../elf/dynamic.js'
import {elfLimits} from '../elf/limits.js'
import {type LinkFacts, readElf} from '../elf/read.js'
import {Reader} from '../elf/reader.js'
import {countSymbols, symbolBytes} from '../elf/symbol-count.js'
import {readVersions} from '../elf/versions.js'
import {type ByteSource, copyBytes} from '../model/bytes.js'
import {type Dynamic, isUnreadable, type Part, type Section} from '../model/elf.js'
import {ElfError} from '../model/errors.js'
import {muslMachine} from './machine.js'
import {fileObject, type LoaderObject, unusableObject} from './object.js'
import {type HashBytes, type ObjectTables, symbolsOf} from './object-tables.js'
import {collectReferences} from './references.js'

/** As {@link readObject}, of a file that was not read yet; null where it is no ELF file. */
export function readObjectFrom(source: ByteSource, where: string): LoaderObject | null {
  try {
    return readObject(readElf(source, where), source)
  } catch (error) {
    if (error instanceof ElfError) return null
    throw error
  }
}

/** Takes out of a file what the loader needs to know of it. The result keeps copies of its tables, not the file. */
export function readObject(elf: LinkFacts, source: ByteSource): LoaderObject {
  const {type, header, segments, interpreter, dynamic, where} = elf
  const unusable = (why: string) => unusableObject(type, header.machine, why)
  if (type === 'relocatable' || type === 'core' || type === 'debug') return unusable(`a ${type} file`)
  if (type === 'unknown') return unusable('neither a program nor a library')
  for (const part of [segments, dynamic, interpreter]) if (isUnreadable(part)) return unusable(part.unreadable)
  if (isUnreadable(segments) || isUnreadable(dynamic) || isUnreadable(interpreter)) return unusable('damaged')
  if (dynamic === null) return {...unusable('it has no dynamic section'), dynamic: false, interpreter}
  const relocations = elf.relocations()
  if (isUnreadable(relocations)) return unusable(relocations.unreadable)

  const reader = new Reader(source, where, header)
  const addresses = new AddressMap(segments, source.sizeBytes)
  const tables = readTables(reader, dynamic, addresses, elf)
  if (isUnreadable(tables)) return unusable(tables.unreadable)
  return fileObject({
    machine: header.machine,
    type,
    dynamic: true,
    interpreter,
    needed: dynamic.needed,
    runPath: (dynamic.runpath ?? dynamic.rpath)?.join(':') ?? null,
    bindsNow: bindsNow(dynamic),
    relrWords: relocations.relative,
    references: collectReferences(relocations.uses, symbolsOf(tables), muslMachine(header.machine)),
    relocationTypes: relocations.types,
    tables,
  })
}

/** musl looks at the value of DT_BIND_NOW, which linkers leave at 0: it is the flags beside it that count. */
function bindsNow({values, flags, flags1}: Dynamic): boolean {
  const byTag = (values.get(Tag.bindNow) ?? 0) !== 0
  return byTag || (flags & DynamicFlag.bindNow) !== 0 || (flags1 & DynamicFlag1.now) !== 0
}

function readTables(reader: Reader, dynamic: Dynamic, addresses: AddressMap, elf: LinkFacts): Part<ObjectTables> {
  return reader.attempt(() => {
    const {bits} = reader
    const table = (tag: number, name: string) => dynamicTable(reader, dynamic.values, addresses, tag, name)
    const entriesAt = table(Tag.symbols, 'DT_SYMTAB')
    const most = Math.floor((entriesAt?.sizeBytes ?? 0) / symbolBytes[bits])
    const {count} = countSymbols(reader, dynamic, addresses, () => sectionsOf(elf), most)
    const entries = copyOf(reader, entriesAt, count * symbolBytes[bits], 'the dynamic symbol table')
    const strings = copyOf(reader, table(Tag.strings, 'DT_STRTAB'), dynamic.values.get(Tag.stringsSize), 'DT_STRTAB')
    const versionsAt = table(Tag.versym, 'DT_VERSYM')
    const versym = versionsAt === null ? null : copyOf(reader, versionsAt, count * 2, 'DT_VERSYM')
    return {
      bits,
      little: reader.bytes.little,
      entries,
      strings,
      versym,
      versions: readVersions(reader, dynamic, addresses, count),
      hash: readHash(
        reader,
        Math.min(count, elfLimits.symbols),
        table(Tag.gnuHash, 'DT_GNU_HASH'),
        table(Tag.hash, 'DT_HASH'),
      ),
    }
  })
}

function sectionsOf({sections}: LinkFacts): readonly Section[] {
  return isUnreadable(sections) ? [] : sections
}

/** The GNU table is the one that counts where there are both. */
function readHash(reader: Reader, symbols: number, gnuAt: Place | null, sysvAt: Place | null): HashBytes | null {
  const {bits, header} = reader
  if (gnuAt !== null) {
    const head = reader.bytes.cursor(gnuAt.offset, Math.min(16, gnuAt.sizeBytes), 'DT_GNU_HASH')
    const [buckets, first, bloomWords] = [head.u32(), head.u32(), head.u32()]
    const sizeBytes = 16 + (bloomWords * bits) / 8 + (buckets + Math.max(0, symbols - first)) * 4
    return {kind: 'gnu', bytes: copyOf(reader, gnuAt, sizeBytes, 'DT_GNU_HASH')}
  }
  if (sysvAt === null) return null
  const wordBytes = header.machine === 's390x' ? 8 : 4
  const head = reader.bytes.cursor(sysvAt.offset, Math.min(2 * wordBytes, sysvAt.sizeBytes), 'DT_HASH')
  const sizeBytes = (2 + head.word(wordBytes === 8 ? 64 : 32) + symbols) * wordBytes
  return {kind: 'sysv', bytes: copyOf(reader, sysvAt, sizeBytes, 'DT_HASH'), wordBytes}
}

/** Up to `sizeBytes` from a place. Copied, because a part of a file's body would keep all of it in memory. */
function copyOf(reader: Reader, place: Place | null, sizeBytes: number | undefined, what: string): Uint8Array {
  if (place === null) return new Uint8Array(0)
  return copyBytes(reader.bytes.take(place.offset, Math.min(sizeBytes ?? place.sizeBytes, place.sizeBytes), what))
}
