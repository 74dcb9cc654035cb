import type {Versions} from '../elf/versions.js'
import {type Exports, noExports} from './exports.js'
import {GnuHash, hashedExports, SysvHash} from './hash-tables.js'
import {SymbolEntries} from './symbol-entries.js'

/** Copies of the tables of a file that the loader looks names up in. */
export interface ObjectTables {
  readonly bits: 32 | 64
  readonly little: boolean
  /** DT_SYMTAB. */
  readonly entries: Uint8Array
  /** DT_STRTAB. */
  readonly strings: Uint8Array
  /** DT_VERSYM; null without it. */
  readonly versym: Uint8Array | null
  /** The hash table that counts; null where there is none, and so no symbol that others could find. */
  readonly hash: HashBytes | null
  /** What the versions are called; null where there are none, or they cannot be read. */
  readonly versions: Versions | null
}

export type HashBytes =
  | {readonly kind: 'gnu'; readonly bytes: Uint8Array}
  | {readonly kind: 'sysv'; readonly bytes: Uint8Array; readonly wordBytes: 4 | 8}

export function symbolsOf({entries, strings, versym, bits, little}: ObjectTables): SymbolEntries {
  return new SymbolEntries(entries, strings, versym, bits, little)
}

export function exportsOfTables({hash, bits, little}: ObjectTables, symbols: SymbolEntries): Exports {
  if (hash === null) return noExports
  return hash.kind === 'gnu'
    ? hashedExports(new GnuHash(hash.bytes, bits, little), symbols)
    : hashedExports(new SysvHash(hash.bytes, hash.wordBytes, little), symbols)
}
