import type {RemediesDocument} from './documents.js'
import {byName, formatRows, type Origin, parseRows} from './text.js'

/** Compile again on Alpine; install a package; change the program; take a newer musl. */
export type RemedyKind = 'rebuild' | 'package' | 'code-change' | 'upgrade-musl'

/** What helps a program that wants a symbol which musl does not have. */
export interface RemedyFacts {
  readonly kind: RemedyKind
  /** Alpine package that has a replacement. */
  readonly package: string | null
  /** The first musl that has it: `1.2.3`; null where none has. */
  readonly since: string | null
  /** gcompat has it. */
  readonly gcompat: boolean
}

const kinds: ReadonlySet<string> = new Set<RemedyKind>(['rebuild', 'package', 'code-change', 'upgrade-musl'])

/** Rows of a symbol, the kind of its remedy, Alpine's package, the first musl that has it, and `gcompat` where that has it. */
export function compileRemediesTable({symbols}: RemediesDocument, origin: Origin): string {
  const rows = Object.entries(symbols).map(([name, {remedy, package: packageName = '', musl = '', gcompat}]) => {
    // `1.1.5..1.1.20` says when musl had it, not since when it has.
    const since = musl.includes('..') ? '' : musl
    return [name, remedy, packageName, since, gcompat ? 'gcompat' : ''] as const
  })
  return formatRows('remedies', origin, rows.sort(byName))
}

export function readRemediesTable(text: string): ReadonlyMap<string, RemedyFacts> {
  const found = new Map<string, RemedyFacts>()
  for (const [name, kind = '', packageName = '', since = '', gcompat = ''] of parseRows('remedies', text)) {
    if (!isKind(kind)) continue
    found.set(name, {kind, package: packageName || null, since: since || null, gcompat: gcompat !== ''})
  }
  return found
}

function isKind(text: string): text is RemedyKind {
  return kinds.has(text)
}
