import type {GlibcDocument} from './documents.js'
import {byName, formatRows, type Origin, parseRows} from './text.js'

/** Where glibc has a symbol. */
export interface GlibcSymbol {
  /** Libraries that had it in any version, without `lib`: `c`, `pthread`, `ld`. */
  readonly libraries: readonly string[]
  /** The first version that had it: `2.2.5`. */
  readonly since: string
}

/** File names by which programs ask for the libraries of glibc, on any architecture. */
const fileNames =
  /^(?:lib(c|m|pthread|dl|rt|resolv|util|anl|nsl|mvec|crypt)\.so\.[\d.]+|(ld)(?:-linux[\w-]*|64)\.so\.\d)$/

/** The library of glibc, as {@link GlibcSymbol} names it, that a name in DT_NEEDED means; null for any other library. */
export function glibcLibrary(needed: string): string | null {
  const [, library, loader] = fileNames.exec(needed) ?? []
  return library ?? loader ?? null
}

/**
 * Rows of a symbol, the libraries that have it, and the first version, of x86_64; a fourth column names the architectures of
 * those that x86_64 does not have.
 */
export function compileGlibcTable({symbols, libs, arch}: GlibcDocument, origin: Origin): string {
  const row = (name: string, text: string) => {
    const places = text.split(' ').map(place => place.split(':'))
    const indexes = new Set(places.flatMap(([, list = '']) => list.split(',').map(Number)))
    const libraries = [...indexes].sort((a, b) => a - b).map(index => (libs[index] ?? '').replace(/^lib/, ''))
    return [name, libraries.join(','), places[0]?.[0] ?? ''] as [string, string, string, string?]
  }
  const rows = new Map(Object.entries(symbols).map(([name, text]) => [name, row(name, text)]))
  const others = new Map<string, string[]>()
  for (const [architecture, {extra}] of Object.entries(arch).sort(byName)) {
    for (const [name, text] of Object.entries(extra)) {
      others.set(name, [...(others.get(name) ?? []), architecture])
      rows.set(name, rows.get(name) ?? row(name, text))
    }
  }
  const named = [...rows.values()].filter(([name]) => !/^GLIBC_\d/.test(name)).sort(byName)
  return formatRows(
    'glibc',
    origin,
    named.map(([name, libraries, since]) => {
      const architectures = others.get(name)
      return [name, libraries, since, ...(architectures ? [architectures.join(',')] : [])]
    }),
  )
}

/** What glibc exports, by symbol: any version, any architecture. */
export function readGlibcTable(text: string): ReadonlyMap<string, GlibcSymbol> {
  const symbols = new Map<string, GlibcSymbol>()
  for (const [name, libraries = '', since = ''] of parseRows('glibc', text)) {
    symbols.set(name, {libraries: libraries.split(','), since})
  }
  return symbols
}
