import {compareMuslVersions, type MuslVersion, parseMuslVersion} from '../version.js'
import type {MuslDocument, SymbolRange} from './documents.js'
import {byName, formatRows, type Origin, parseRows} from './text.js'

/** The architecture that the others are described against. */
const base = 'x86_64'
const always = '*'
const never = '!'

/**
 * Rows of a symbol and the versions of musl that export it: on x86_64, then, where it differs, on other architectures. `*`
 * is every version, `!` none, `1.2.2-` from one on, `1.1.5-1.1.20` up to another; a comma joins several. Rows that begin
 * with `@` name the versions that were looked at.
 */
export function compileMuslTable({versions, symbols, arch}: MuslDocument, origin: Origin): string {
  const rows = new Map<string, string[]>()
  const row = (name: string) => {
    const found = rows.get(name) ?? [never]
    rows.set(name, found)
    return found
  }
  for (const [name, range] of Object.entries(symbols)) row(name)[0] = formatRange(range)
  for (const [architecture, {extra, absent, differs}] of Object.entries(arch).sort(byName)) {
    const add = (name: string, ranges: string) => row(name).push(`${architecture}=${ranges}`)
    for (const name of absent) add(name, never)
    for (const [name, range] of Object.entries(extra)) add(name, formatRange(range))
    for (const [name, {here}] of Object.entries(differs)) add(name, formatRange(['', ...here.flat().map(v => v ?? '')]))
  }
  const known = [
    [base, versions] as const,
    ...Object.entries(arch).map(([name, {versions}]) => [name, versions] as const),
  ]
  return formatRows('musl', origin, [
    ...known.sort(byName).map(([name, versions]) => [`@${name}`, versions.join(' ')]),
    ...[...rows].sort(byName).map(([name, columns]) => [name, ...columns]),
  ])
}

function formatRange(range: SymbolRange): string {
  if (typeof range === 'string') return always
  const [, ...bounds] = range
  const pairs: string[] = []
  for (let at = 0; at < bounds.length; at += 2) pairs.push(`${bounds[at]}-${bounds[at + 1] ?? ''}`)
  return pairs.join(',')
}

/**
 * The names that musl exports.
 * @param architecture as in musl's own names: `x86_64`, `arm`, `x86`
 * @param version the table speaks for the newest version up to this one that it knows
 * @returns null for an architecture that is not in the table
 */
export function readMuslTable(text: string, architecture: string, version: MuslVersion): ReadonlySet<string> | null {
  const names = new Set<string>()
  let known: MuslVersion | null = null
  for (const [name, first = never, ...others] of parseRows('musl', text)) {
    if (name.startsWith('@')) {
      if (name === `@${architecture}`) known = nearest(first.split(' '), version)
      continue
    }
    if (known === null) return null
    const own = others.find(column => column.startsWith(`${architecture}=`))
    if (includes(own?.slice(architecture.length + 1) ?? first, known)) names.add(name)
  }
  return names
}

function nearest(versions: readonly string[], wanted: MuslVersion): MuslVersion | null {
  const known = versions.flatMap(version => {
    const parsed = parseMuslVersion(version)
    return parsed === null ? [] : [parsed]
  })
  return known.findLast(version => compareMuslVersions(version, wanted) <= 0) ?? known[0] ?? null
}

function includes(ranges: string, version: MuslVersion): boolean {
  if (ranges === always) return true
  if (ranges === never) return false
  return ranges.split(',').some(range => {
    const [first = '', last = ''] = range.split('-').map(parseMuslVersion)
    return (
      (first === null || first === '' || compareMuslVersions(first, version) <= 0) &&
      (last === null || last === '' || compareMuslVersions(version, last) <= 0)
    )
  })
}
