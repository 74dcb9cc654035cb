import type {ElfType, SymbolVersion} from '../model/elf.js'
import {type Exports, noExports} from './exports.js'
import {exportsOfTables, type ObjectTables, symbolsOf} from './object-tables.js'
import type {Reference} from './references.js'
import type {SymbolName} from './symbol-name.js'

/** What the loader needs to know of a file. It holds its own bytes: the file may be gone. */
export interface LoaderObject {
  /** As the ELF reader names it. */
  readonly machine: string
  readonly type: ElfType
  /** Why the loader cannot map it, for people; null where it can. */
  readonly unusable: string | null
  /** It has a dynamic section; without one a program is static. */
  readonly dynamic: boolean
  readonly interpreter: string | null
  /** DT_NEEDED, in order. */
  readonly needed: readonly string[]
  /** DT_RUNPATH or else DT_RPATH, as it stands there. */
  readonly runPath: string | null
  readonly bindsNow: boolean
  /** Words that DT_RELR relocates. */
  readonly relrWords: number
  readonly exports: Exports
  readonly references: readonly Reference[]
  /** Number of relocations by type. */
  readonly relocationTypes: ReadonlyMap<number, number>
  /** Name of a symbol that a reference is about. */
  nameOf(symbol: number): SymbolName
  /** The version that a reference asks for. */
  versionOf(symbol: number): SymbolVersion | null
  /** What the lookups are made in; null where no file is behind the object, or none that can be mapped. */
  readonly tables: ObjectTables | null
}

/** An object by its tables. */
export function fileObject(
  object: Omit<LoaderObject, 'unusable' | 'exports' | 'nameOf' | 'versionOf'> & {readonly tables: ObjectTables},
): LoaderObject {
  const {tables} = object
  const symbols = symbolsOf(tables)
  return {
    ...object,
    unusable: null,
    exports: exportsOfTables(tables, symbols),
    nameOf: symbol => symbols.name(symbol),
    versionOf: symbol => tables.versions?.of(symbol, symbols.isDefined(symbol)) ?? null,
  }
}

/** A library that is known only by what it offers: a table stands for the file. */
export function libraryOf(machine: string, exports: Exports, needed: readonly string[] = []): LoaderObject {
  return {...emptyObject, machine, type: 'shared', needed, exports}
}

/** A file that the loader cannot map. */
export function unusableObject(type: ElfType, machine: string, why: string): LoaderObject {
  return {...emptyObject, type, machine, unusable: why}
}

const emptyObject: LoaderObject = {
  machine: 'none',
  type: 'unknown',
  unusable: null,
  dynamic: true,
  interpreter: null,
  needed: [],
  runPath: null,
  bindsNow: false,
  relrWords: 0,
  exports: noExports,
  references: [],
  relocationTypes: new Map(),
  nameOf: symbol => {
    throw new RangeError(`no symbol ${symbol} in an object without references`)
  },
  versionOf: () => null,
  tables: null,
}
