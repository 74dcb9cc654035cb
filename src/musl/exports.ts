import type {SymbolName} from './symbol-name.js'

/**
 * What a lookup asks of an object: `definition` for a call through the PLT; `address` for anything else, which the address
 * of a PLT stub in a program satisfies, too.
 */
export type Request = 'definition' | 'address'

/** What an object offers to lookups: what the loader finds in its hash tables, or a list that stands for them. */
export interface Exports {
  offers(name: SymbolName, request: Request): boolean
}

export const noExports: Exports = {offers: () => false}

/** Names from a table, for a library that is not there to be read. */
export function listedExports(names: ReadonlySet<string>): Exports {
  return {offers: ({text}) => names.has(text)}
}

/** Exports that are made when the first lookup comes: most judgements never ask the large tables. */
export function lazyExports(make: () => Exports): Exports {
  let made: Exports | undefined
  return {
    offers(name, request) {
      made ??= make()
      return made.offers(name, request)
    },
  }
}
