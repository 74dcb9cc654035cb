import {type NamedVersion, Versions} from '../elf/versions.js'
import type {BytesPlace, Codec} from '../model/stored.js'
import {fileObject, type LoaderObject, unusableObject} from './object.js'
import type {ObjectTables} from './object-tables.js'
import type {Reference} from './references.js'

/** As JSON: what is no table. */
interface Packed
  extends Omit<
    LoaderObject,
    'exports' | 'references' | 'relocationTypes' | 'nameOf' | 'versionOf' | 'tables' | 'unusable'
  > {
  readonly relocationTypes: readonly (readonly [type: number, count: number])[]
  /** Symbols, and {@link flagsOf} each; 32 and 8 bits. */
  readonly references: readonly [symbols: BytesPlace, flags: BytesPlace]
  readonly tables: PackedTables
}

interface PackedTables extends Pick<ObjectTables, 'bits' | 'little'> {
  readonly entries: BytesPlace
  readonly strings: BytesPlace
  readonly versym: BytesPlace | null
  readonly hash: {readonly wordBytes: 0 | 4 | 8; readonly bytes: BytesPlace} | null
  readonly needed: readonly (readonly [number, NamedVersion])[] | null
  readonly defined: readonly (readonly [number, NamedVersion])[]
}

interface PackedUnusable extends Pick<LoaderObject, 'machine' | 'type' | 'dynamic' | 'interpreter'> {
  readonly unusable: string
}

/** How what the loader needs to know of a file is kept between two runs. Objects that stand for no file are not. */
export const objectCodec: Codec<LoaderObject> = {
  pack(object, put): Packed | PackedUnusable {
    const {machine, type, unusable, dynamic, interpreter, tables} = object
    if (unusable !== null) return {machine, type, unusable, dynamic, interpreter}
    if (tables === null) throw new TypeError('no file is behind this object')
    const {needed, runPath, bindsNow, relrWords, relocationTypes, references} = object
    const symbols = Uint32Array.from(references, ({symbol}) => symbol)
    const flags = Uint8Array.from(references, flagsOf)
    return {
      machine,
      type,
      dynamic,
      interpreter,
      needed,
      runPath,
      bindsNow,
      relrWords,
      relocationTypes: [...relocationTypes],
      references: [put(new Uint8Array(symbols.buffer)), put(flags)],
      tables: {
        bits: tables.bits,
        little: tables.little,
        entries: put(tables.entries),
        strings: put(tables.strings),
        versym: tables.versym && put(tables.versym),
        hash: tables.hash && {
          wordBytes: tables.hash.kind === 'gnu' ? 0 : tables.hash.wordBytes,
          bytes: put(tables.hash.bytes),
        },
        needed: tables.versions && [...tables.versions.needed],
        defined: [...(tables.versions?.defined ?? [])],
      },
    }
  },
  unpack(packed, get) {
    const stored = packed as Packed | PackedUnusable
    if ('unusable' in stored) {
      const {machine, type, unusable, dynamic, interpreter} = stored
      return {...unusableObject(type, machine, unusable), dynamic, interpreter}
    }
    const {relocationTypes, references, tables, ...plain} = stored
    const [symbols, flags] = references.map(get) as [Uint8Array, Uint8Array]
    return fileObject({
      ...plain,
      relocationTypes: new Map(relocationTypes),
      references: referencesOf(new Uint32Array(new Uint8Array(symbols).buffer), flags),
      tables: unpackTables(tables, get),
    })
  },
}

function unpackTables(packed: PackedTables, get: (place: BytesPlace) => Uint8Array): ObjectTables {
  const {bits, little, hash, needed, defined} = packed
  const versym = packed.versym && get(packed.versym)
  const bytes = hash && get(hash.bytes)
  return {
    bits,
    little,
    entries: get(packed.entries),
    strings: get(packed.strings),
    versym,
    hash:
      hash === null || bytes === null
        ? null
        : hash.wordBytes === 0
          ? {kind: 'gnu', bytes}
          : {kind: 'sysv', bytes, wordBytes: hash.wordBytes},
    versions:
      needed === null || versym === null ? null : new Versions(versym, little, new Map(needed), new Map(defined)),
  }
}

const requests: readonly Reference['request'][] = ['definition', 'address', 'copy']
const locals: readonly Reference['local'][] = ['no', 'symbol', 'section']

function flagsOf({request, postponable, optional, staticTls, local}: Reference): number {
  const flags = (postponable ? 1 : 0) | (optional ? 2 : 0) | (staticTls ? 4 : 0)
  return flags | (requests.indexOf(request) << 3) | (locals.indexOf(local) << 5)
}

function referencesOf(symbols: Uint32Array, flags: Uint8Array): readonly Reference[] {
  return Array.from(symbols, (symbol, at): Reference => {
    const bits = flags[at] ?? 0
    return {
      symbol,
      request: requests[(bits >> 3) & 3] ?? 'address',
      postponable: (bits & 1) !== 0,
      optional: (bits & 2) !== 0,
      staticTls: (bits & 4) !== 0,
      local: locals[(bits >> 5) & 3] ?? 'no',
    }
  })
}
