import type {HelpersDocument} from './documents.js'
import {byName, formatRows, type Origin, parseRows} from './text.js'

/** A library that gives musl what glibc has of its own. */
export interface HelperLibrary {
  /** Alpine's package. */
  readonly package: string
  /** null: there is only a static library, which helps only when the program is built again. */
  readonly soname: string | null
  readonly names: ReadonlySet<string>
}

/** Sections that begin with `@`, the Alpine package and the library's file name or `static`; then its symbols. */
export function compileHelpersTable({libraries}: HelpersDocument, origin: Origin): string {
  const sections = Object.values(libraries).map(({package: name, soname, symbols}) => {
    return [`@${name}`, soname, symbols] as const
  })
  return formatRows(
    'helpers',
    origin,
    sections
      .sort(byName)
      .flatMap(([name, soname, symbols]) => [
        [name, soname ?? 'static'],
        ...symbols.toSorted().map(symbol => [symbol]),
      ]),
  )
}

/** By package. */
export function readHelpersTable(text: string): ReadonlyMap<string, HelperLibrary> {
  const found = new Map<string, HelperLibrary>()
  let names = new Set<string>()
  for (const [first, soname = 'static'] of parseRows('helpers', text)) {
    if (first.startsWith('@')) {
      names = new Set()
      const name = first.slice(1)
      found.set(name, {package: name, soname: soname === 'static' ? null : soname, names})
    } else {
      names.add(first)
    }
  }
  return found
}
