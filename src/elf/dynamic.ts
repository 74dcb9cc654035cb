import type {Dynamic, Segment} from '../model/elf.js'
import {ElfError} from '../model/errors.js'
import type {AddressMap, Place} from './addresses.js'
import {elfLimits} from './limits.js'
import type {Reader} from './reader.js'
import {SegmentType} from './segments.js'
import {StringTable} from './strings.js'

/** d_tag, as far as piton reads them. */
export const Tag = {
  needed: 1,
  pltRelSize: 2,
  hash: 4,
  strings: 5,
  symbols: 6,
  rela: 7,
  relaSize: 8,
  relaEntry: 9,
  stringsSize: 10,
  symbolEntry: 11,
  soname: 14,
  rpath: 15,
  rel: 17,
  relSize: 18,
  relEntry: 19,
  pltRel: 20,
  debug: 21,
  textRel: 22,
  jmpRel: 23,
  bindNow: 24,
  runpath: 29,
  flags: 30,
  relrSize: 35,
  relr: 36,
  gnuHash: 0x6ffffef5,
  versym: 0x6ffffff0,
  flags1: 0x6ffffffb,
  verdef: 0x6ffffffc,
  verdefCount: 0x6ffffffd,
  verneed: 0x6ffffffe,
  verneedCount: 0x6fffffff,
  mipsLocalGotCount: 0x7000000a,
  mipsSymbolCount: 0x70000011,
  mipsGotSymbol: 0x70000013,
  mipsDebug: 0x70000016,
  mipsDebugRelative: 0x70000035,
} as const

/** DT_FLAGS and DT_FLAGS_1. */
export const DynamicFlag = {textRel: 0x4, bindNow: 0x8, staticTls: 0x10} as const
export const DynamicFlag1 = {now: 0x1, pie: 0x0800_0000} as const

/**
 * Reads the dynamic section that PT_DYNAMIC names; null where there is none.
 * @throws {ElfError} where it is not in the file
 */
export function readDynamic(reader: Reader, segments: readonly Segment[], addresses: AddressMap): Dynamic | null {
  const segment = segments.findLast(({type}) => type === SegmentType.dynamic)
  if (segment === undefined) return null
  const {bytes, bits, wordBytes} = reader
  // The loader goes to the address; the offset is for tools. Real files agree.
  const place = addresses.find(segment.address) ?? {offset: segment.offset, sizeBytes: segment.fileBytes}
  const entryBytes = 2 * wordBytes
  const most = Math.min(elfLimits.dynamicEntries, Math.floor(Math.min(segment.fileBytes, place.sizeBytes) / entryBytes))
  if (most === 0) {
    const message = `PT_DYNAMIC at ${segment.offset} with ${segment.fileBytes} bytes holds no entry`
    throw new ElfError('ELF_TRUNCATED', `${bytes.where}: ${message}`)
  }
  const cursor = bytes.cursor(place.offset, most * entryBytes, 'the dynamic section')
  const values = new Map<number, number>()
  const needed: number[] = []
  let ended = false
  for (let index = 0; index < most && !ended; index++) {
    const tag = cursor.address(bits)
    const value = cursor.address(bits)
    if (tag === 0) ended = true
    else if (tag === Tag.needed) needed.push(value)
    else values.set(tag, value)
  }
  if (!ended) reader.warn('ELF_BAD_TABLE', `the dynamic section at ${place.offset} has no DT_NULL`)
  return interpret(reader, place.offset, values, needed, addresses)
}

function interpret(
  reader: Reader,
  offset: number,
  values: ReadonlyMap<number, number>,
  neededOffsets: readonly number[],
  addresses: AddressMap,
): Dynamic {
  const names = [...neededOffsets, ...[Tag.soname, Tag.rpath, Tag.runpath].flatMap(tag => values.get(tag) ?? [])]
  const strings = names.length === 0 ? null : dynamicStrings(reader, values, addresses)
  let unreadNames = 0
  const text = (index: number | undefined): string | null => {
    if (index === undefined) return null
    const string = strings === null ? null : reader.attempt(() => strings.at(index))
    if (typeof string === 'string') return string
    unreadNames++
    reader.warn('ELF_BAD_TABLE', `the name at ${index} of the dynamic string table lies outside it`)
    return null
  }
  const flags = values.get(Tag.flags) ?? 0
  const flags1 = values.get(Tag.flags1) ?? 0
  return {
    offset,
    values,
    needed: neededOffsets.flatMap(index => text(index) ?? []),
    soname: text(values.get(Tag.soname)),
    rpath: text(values.get(Tag.rpath))?.split(':') ?? null,
    runpath: text(values.get(Tag.runpath))?.split(':') ?? null,
    flags,
    flags1,
    bindNow: bindNow(values, flags, flags1),
    textRelocations: values.has(Tag.textRel) ? 'DT_TEXTREL' : flags & DynamicFlag.textRel ? 'DF_TEXTREL' : null,
    unreadNames,
  }
}

function bindNow(values: ReadonlyMap<number, number>, flags: number, flags1: number): string | null {
  if (values.has(Tag.bindNow)) return 'DT_BIND_NOW'
  if (flags & DynamicFlag.bindNow) return 'DF_BIND_NOW'
  return flags1 & DynamicFlag1.now ? 'DF_1_NOW' : null
}

/** The table that DT_STRTAB names, as long as DT_STRSZ says; null, with a warning, where it is not in the file. */
export function dynamicStrings(
  reader: Reader,
  values: ReadonlyMap<number, number>,
  addresses: AddressMap,
): StringTable | null {
  const place = dynamicTable(reader, values, addresses, Tag.strings, 'DT_STRTAB')
  if (place === null) return null
  const stated = values.get(Tag.stringsSize)
  if (stated !== undefined && stated > place.sizeBytes) {
    reader.warn('ELF_TRUNCATED', `DT_STRSZ is ${stated}, but only ${place.sizeBytes} bytes follow at ${place.offset}`)
  }
  const sizeBytes = Math.min(stated ?? place.sizeBytes, place.sizeBytes)
  return new StringTable(reader.bytes, {offset: place.offset, sizeBytes}, 'the dynamic string table')
}

/** Where the table with the address in `tag` stands; null where there is none, with a warning if it is outside the file. */
export function dynamicTable(
  reader: Reader,
  values: ReadonlyMap<number, number>,
  addresses: AddressMap,
  tag: number,
  name: string,
): Place | null {
  const address = values.get(tag)
  if (address === undefined) return null
  const place = addresses.find(address)
  if (place === null) reader.warn('ELF_BAD_TABLE', `${name} is 0x${address.toString(16)}, which no segment maps`)
  return place
}
