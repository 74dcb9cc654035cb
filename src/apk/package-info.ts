import {type Digest, parseDigest} from '../model/digest.js'
import {ApkError} from '../model/errors.js'
import {limits} from '../model/limits.js'
import {type ApkPackage, packageInfoPath} from '../model/package.js'
import {shorten} from '../model/text.js'
import type {Warning} from '../model/warning.js'
import {LineReader} from './line-reader.js'
import {isValidVersion} from './version.js'

/** What `.PKGINFO` says. */
export interface PackageInfo {
  /** As if it were installed, but for what only the database knows. */
  readonly package: ApkPackage
  /** Of the compressed files; null where it does not say. */
  readonly dataHash: Digest | null
  readonly warnings: readonly Warning[]
}

/** Fields that may come more than once, and their names. */
const lists = new Set(['depend', 'provides', 'replaces', 'install_if'])

/**
 * Reads `.PKGINFO`: lines of `name = value`, and comments. What piton does not know means nothing to a scan.
 * @param where names the file in errors
 * @throws {ApkError} APK_BAD_RECORD without name or version
 * @see abuild, `write_pkginfo`; apk-package(5)
 */
export function parsePackageInfo(bytes: Uint8Array, where: string): PackageInfo {
  const {fields, items, line} = readFields(bytes, where)
  const text = (name: string) => fields.get(name) ?? ''
  const [name, version] = [text('pkgname'), text('pkgver')]
  if (name === '' || version === '') {
    const missing = name === '' ? 'name (pkgname)' : 'version (pkgver)'
    throw new ApkError('APK_BAD_RECORD', `${packageInfoPath} of ${where} states no ${missing}`, {
      hint: 'The package is malformed. Build or download it again.',
    })
  }
  const dataHash = text('datahash')
  const found: ApkPackage = {
    name,
    version,
    architecture: text('arch'),
    origin: text('origin') || name,
    description: text('pkgdesc'),
    url: text('url'),
    license: text('license'),
    maintainer: text('maintainer'),
    commit: text('commit'),
    buildTime: numberOf(text('builddate')),
    depends: items.get('depend') ?? [],
    provides: items.get('provides') ?? [],
    installIf: items.get('install_if') ?? [],
    replaces: items.get('replaces') ?? [],
    sizeBytes: null,
    installedBytes: numberOf(text('size')),
    checksum: '',
    repositoryTag: '',
    flags: '',
    files: [],
    line,
  }
  return {
    package: found,
    dataHash: dataHash === '' ? null : parseDigest(`sha256:${dataHash}`, `datahash in ${packageInfoPath} of ${where}`),
    warnings: isValidVersion(version) ? [] : [malformedVersion(found)],
  }
}

interface Fields {
  /** Of several the last. */
  readonly fields: ReadonlyMap<string, string>
  readonly items: ReadonlyMap<string, readonly string[]>
  /** Where the version stands. */
  readonly line: number
}

function readFields(bytes: Uint8Array, where: string): Fields {
  const fields = new Map<string, string>()
  const items = new Map<string, string[]>()
  const reader = new LineReader(bytes)
  let line = 1
  while (reader.next()) {
    const [, name, value] = /^([a-z_]+) = (.*)$/.exec(reader.text(reader.start)) ?? []
    if (name === undefined || value === undefined) continue
    if (name === 'pkgver') line = reader.number
    if (!lists.has(name)) {
      fields.set(name, value)
      continue
    }
    const list = items.get(name) ?? []
    items.set(name, list)
    list.push(...value.split(' ', limits.apkListItems).filter(item => item !== ''))
    if (list.length > limits.apkListItems) {
      throw new ApkError(
        'APK_LIMIT',
        `${packageInfoPath} of ${where} has more than ${limits.apkListItems} ${name} items`,
      )
    }
  }
  return {fields, items, line}
}

function malformedVersion({name, version}: ApkPackage): Warning {
  const message = `${packageInfoPath}: package "${shorten(name, 100)}" has the malformed version "${shorten(version, 100)}"`
  return {code: 'APK_BAD_VERSION', message, path: packageInfoPath}
}

function numberOf(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}
