import type {RelocationUse} from '../model/elf.js'
import {type MuslMachine, noRelocation} from './machine.js'
import type {SymbolEntries} from './symbol-entries.js'

/**
 * A lookup that the loader makes for the relocations of an object. `definition` for calls, `address` for other uses,
 * `copy` for an object that a program takes over from a library: it is looked for behind the program.
 */
export interface Reference {
  /** Index in the dynamic symbol table. */
  readonly symbol: number
  readonly request: 'definition' | 'address' | 'copy'
  /** Only calls and the global offset table need it: dlopen with RTLD_LAZY puts it off when nothing defines it. */
  readonly postponable: boolean
  /** Undefined and weak: the loader is content when nothing defines it. */
  readonly optional: boolean
  /** Some relocation wants its offset from the thread pointer. */
  readonly staticTls: boolean
  /** Local symbols are taken as they are; before musl 1.1.24 only those of sections were. */
  readonly local: 'no' | 'symbol' | 'section'
}

/**
 * What the relocations of an object make the loader look up, each lookup once. Optional ones are left out, unless it
 * matters which object they lead to.
 * @param uses in the order of the tables
 */
export function collectReferences(
  uses: readonly RelocationUse[],
  symbols: SymbolEntries,
  machine: MuslMachine | null,
): readonly Reference[] {
  const found = new Map<number, Mutable<Reference>>()
  for (const {symbol, type} of uses) {
    if (type === noRelocation || symbol >= symbols.count) continue
    const optional = symbols.isWeak(symbol) && !symbols.isDefined(symbol)
    const kind = machine?.relocations.get(type) ?? 'data'
    const request = kind === 'call' ? 'definition' : kind === 'copy' ? 'copy' : 'address'
    const postponable = kind === 'call' || kind === 'got'
    const staticTls = kind === 'tpoff'
    if (optional && !staticTls) continue
    const key = symbol * requests.length + requests.indexOf(request)
    const known = found.get(key)
    if (known === undefined) {
      found.set(key, {symbol, request, postponable, optional, staticTls, local: localKind(symbols, symbol)})
    } else {
      known.postponable &&= postponable
      known.staticTls ||= staticTls
    }
  }
  return [...found.values()]
}

type Mutable<T> = {-readonly [Field in keyof T]: T[Field]}

const requests: readonly Reference['request'][] = ['definition', 'address', 'copy']

function localKind(symbols: SymbolEntries, symbol: number): Reference['local'] {
  if (symbols.isSection(symbol)) return 'section'
  return symbols.isLocal(symbol) ? 'symbol' : 'no'
}
