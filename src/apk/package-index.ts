import {LineReader} from './line-reader.js'

/** What a repository's index says of one package, as far as piton asks. */
export interface IndexedPackage {
  readonly name: string
  readonly version: string
  /** `o:`, else the name. */
  readonly origin: string
  /** `p:` split at blanks: `so:libssl.so.3=3`, `cmd:openssl=3.0.8-r4`, names. */
  readonly provides: readonly string[]
  /** `k:`: of several packages that provide a name apk takes the one with the highest. */
  readonly priority: number
  /** `t:`, seconds since 1970; null where it is missing. */
  readonly buildTime: number | null
}

type Fields = Map<string, string>

/** Letters that are read; the rest of a record is passed over. */
const wanted = new Set(['P', 'V', 'o', 'p', 'k', 't'])

/**
 * Reads an APKINDEX: records of `X:value` lines, an empty line between them. A record without name or version is passed
 * over.
 * @see apk-package(5); apk-tools, src/package.c
 */
export function parsePackageIndex(bytes: Uint8Array): IndexedPackage[] {
  const packages: IndexedPackage[] = []
  const line = new LineReader(bytes)
  let fields: Fields = new Map()
  const finish = () => {
    const found = packageOf(fields)
    if (found !== null) packages.push(found)
    fields = new Map()
  }
  while (line.next()) {
    if (line.start === line.end) finish()
    else {
      const letter = String.fromCharCode(line.bytes[line.start] ?? 0)
      if (wanted.has(letter) && line.bytes[line.start + 1] === 0x3a) fields.set(letter, line.text(line.start + 2))
    }
  }
  finish()
  return packages
}

function packageOf(fields: Fields): IndexedPackage | null {
  const name = fields.get('P') ?? ''
  const version = fields.get('V') ?? ''
  if (name === '' || version === '') return null
  return {
    name,
    version,
    origin: fields.get('o') || name,
    provides: (fields.get('p') ?? '').split(' ').filter(text => text !== ''),
    priority: numberOf(fields.get('k')) ?? 0,
    buildTime: numberOf(fields.get('t')),
  }
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : null
}
