import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'

// A second, much simpler reading of the secdb, which shares nothing with src/: what both find must be the same.

const grammar = /^(\d+(?:\.\d+)*)([a-z]?)((?:_[a-z]+\d*)*)(~[0-9a-f]+)?(?:-r(\d+))?$/
const suffixes = ['alpha', 'beta', 'pre', 'rc', '', 'cvs', 'svn', 'git', 'hg', 'p']

/** @returns null for a version that is not well-formed */
function parse(version: string) {
  const [, digits, letter = '', tail = '', hash = '', revision] = grammar.exec(version) ?? []
  if (digits === undefined) return null
  const words = [...tail.matchAll(/_([a-z]+)(\d*)/g)].map(([, word = '', number = '']) => {
    return [suffixes.indexOf(word) - 4, number === '' ? -1n : BigInt(number)] as const
  })
  if (words.some(([rank]) => rank < -4 || rank === 0)) return null
  return {digits: digits.split('.'), letter, words, hash, revision: revision === undefined ? -1n : BigInt(revision)}
}

export function isWellFormed(version: string): boolean {
  return parse(version) !== null
}

/** Negative, 0 or positive. @throws where either is not well-formed */
export function compare(left: string, right: string): number {
  const a = parse(left)
  const b = parse(right)
  if (a === null || b === null) throw new Error(`${left} or ${right} is not well-formed`)
  for (let i = 0; i < Math.max(a.digits.length, b.digits.length); i++) {
    const x = a.digits[i]
    const y = b.digits[i]
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1
    const asText = i > 0 && (x.startsWith('0') || y.startsWith('0'))
    const order = asText ? text(x, y) : number(BigInt(x), BigInt(y))
    if (order !== 0) return order
  }
  if (a.letter !== b.letter) return text(a.letter, b.letter)
  for (let i = 0; i < Math.max(a.words.length, b.words.length); i++) {
    const [x, m] = a.words[i] ?? [0, -1n]
    const [y, n] = b.words[i] ?? [0, -1n]
    if (x !== y) return x - y
    if (m !== n) return number(m, n)
  }
  return text(a.hash, b.hash) || number(a.revision, b.revision)
}

function text(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function number(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

const trackers =
  /^(?:GHSA(?:-\w{4}){3}|(?:XSA|ALPINE|ZBX|ZDI-CAN)-\d+|(?:RUSTSEC|TALOS|TS|YSA|GHSL|wnpa-sec)-\d{4}-\d+|ZDI-\d+-\d+|GNUTLS-SA(?:-\d+){3}|DW\d{6}-\d+|VSV\d+)$/

/** Ids of one string of the feed, and whether a comment takes them back. */
function idsOf(entry: string): {ids: string[]; negated: boolean} {
  const negated = /\(\s*not\s+(?:actually\s+)?(?:affected|applicable)/i.test(entry)
  const plain = entry.replace(/\([^)]*\)?/g, ' ').trim() || entry
  const cves = [...new Set(plain.replaceAll('CVE_', 'CVE-').match(/CVE-\d{4}-\d{4,}/g))]
  const tracker = plain.split(/\s+/).find(token => trackers.test(token))
  return {ids: cves.length > 0 ? cves : [tracker ?? plain.split(/\s+/).join(' ')], negated}
}

/** Fix versions by origin and id; an id without any is one that the package is not affected by. */
export type Fixes = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>

/** Both repositories of one branch. */
export function readBranch(secdb: string, branch: string): Fixes {
  const origins = new Map<string, Map<string, string[]>>()
  const rejected = new Set<string>()
  for (const file of readdirSync(join(secdb, branch)).filter(name => name.endsWith('.json'))) {
    const {packages} = JSON.parse(readFileSync(join(secdb, branch, file), 'utf8'))
    for (const {pkg} of packages as {pkg: {name: string; secfixes: Record<string, string[]>}}[]) {
      const known = origins.get(pkg.name) ?? new Map<string, string[]>()
      origins.set(pkg.name, known)
      for (const [version, entries] of Object.entries(pkg.secfixes)) {
        for (const {ids, negated} of entries.map(idsOf)) {
          for (const id of ids) {
            if (version === '0' || negated) rejected.add(`${pkg.name} ${id}`)
            known.set(id, [...(known.get(id) ?? []), version])
          }
        }
      }
    }
  }
  for (const [origin, ids] of origins) for (const id of ids.keys()) if (rejected.has(`${origin} ${id}`)) ids.set(id, [])
  return origins
}

export interface Installed {
  readonly name: string
  readonly version: string
  readonly origin: string
}

/** The installed database, `P:`, `V:`, `o:`. */
export function readInstalled(database: string): Installed[] {
  return database
    .split('\n\n')
    .map(record => new Map(record.split('\n').map(line => [line.slice(0, 2), line.slice(2)])))
    .flatMap(fields => {
      const name = fields.get('P:')
      return name === undefined ? [] : [{name, version: fields.get('V:') ?? '', origin: fields.get('o:') ?? name}]
    })
}

/** `CVE-2024-6119 openssl libssl3`, sorted. @throws where two versions differ and one is not well-formed */
export function findTriples(packages: readonly Installed[], fixes: Fixes): string[] {
  return packages
    .flatMap(({name, version, origin}) =>
      [...(fixes.get(origin) ?? [])].flatMap(([id, versions]) =>
        versions.some(fixed => version !== fixed && compare(version, fixed) < 0) ? [`${id} ${origin} ${name}`] : [],
      ),
    )
    .sort()
}
