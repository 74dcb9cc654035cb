import {limits} from '../model/limits.js'
import type {ApkPackage} from '../model/package.js'
import {count, shorten} from '../model/text.js'
import type {Warning} from '../model/warning.js'
import {WarningList} from '../model/warnings.js'
import {checksumHex} from './checksum.js'
import {LineReader} from './line-reader.js'
import {Owners} from './owned-files.js'
import {PackageRecord} from './record.js'
import {isValidVersion} from './version.js'

export interface InstalledDatabase {
  readonly packages: ApkPackage[]
  readonly warnings: Warning[]
}

/**
 * Reads apk's installed database (`lib/apk/db/installed`): records of `letter:value` lines, a blank line between them.
 * What cannot be read becomes a warning that names it, never an error: the rest of the database still counts.
 * @param path named in warnings
 */
export function parseInstalled(bytes: Uint8Array, path: string): InstalledDatabase {
  return new InstalledParser(bytes, path).parse()
}

/** Which packages {@link parseInstalled} would find, without all else that it reads. */
export function* installedVersions(bytes: Uint8Array): Generator<Pick<ApkPackage, 'name' | 'version'>> {
  const line = new LineReader(bytes)
  let name: string | null = null
  let version: string | null = null
  let packages = 0
  for (let more = true; more && packages < limits.apkPackages; ) {
    more = line.next()
    if (!more || line.start === line.end) {
      if (name !== null && version !== null) {
        yield {name, version}
        packages++
      }
      name = null
      version = null
    } else if (line.bytes[line.start + 1] === colon && line.end - line.start - 2 <= limits.apkFieldBytes) {
      const letter = line.bytes[line.start]
      if (letter === 0x50 /* P */) name = line.text(line.start + 2)
      else if (letter === 0x56 /* V */) version = line.text(line.start + 2)
    }
  }
}

const colon = 0x3a

class InstalledParser {
  readonly #line: LineReader
  readonly #path: string
  readonly #packages: ApkPackage[] = []
  readonly #warnings = new WarningList()
  readonly #lineOfName = new Map<string, number>()
  readonly #owners = new Owners()
  #record: PackageRecord | null = null
  #files = 0
  #filesRead = 0
  #pathBytes = 0

  constructor(bytes: Uint8Array, path: string) {
    this.#line = new LineReader(bytes)
    this.#path = path
  }

  parse(): InstalledDatabase {
    const line = this.#line
    while (line.next()) {
      if (line.start === line.end) this.#endRecord()
      else if (line.bytes[line.start + 1] === colon) this.#field(line.bytes[line.start] ?? 0, line.start + 2)
      else this.#warn('APK_BAD_RECORD', `line ${line.number} is not a field: ${quoted(line.text(line.start))}`, true)
      if (this.#packages.length >= limits.apkPackages) {
        this.#warn('APK_LIMIT', `read up to ${count(limits.apkPackages, 'package')}, and no further`, true)
        break
      }
    }
    this.#endRecord()
    if (!this.#readsFiles && this.#files > this.#filesRead) {
      this.#warn('APK_LIMIT', `only ${this.#filesRead} of ${count(this.#files, 'owned file')} were read`, true)
    }
    return {packages: this.#packages, warnings: this.#warnings.toArray()}
  }

  /** @param at where the value starts */
  #field(letter: number, at: number): void {
    const line = this.#line
    this.#record ??= new PackageRecord(line.number)
    const record = this.#record
    switch (letter) {
      case 0x46 /* F */:
        if (this.#isPath(record, letter, at)) record.owned.openDirectory(line.text(at))
        break
      case 0x52 /* R */:
        this.#files++
        if (this.#readsFiles && this.#isPath(record, letter, at)) {
          this.#pathBytes += record.owned.addFile(line.text(at))
          this.#filesRead++
        }
        break
      case 0x4d /* M */:
      case 0x61 /* a */:
      case 0x5a /* Z */:
        // Past the limit the file was not added that these would speak of.
        if (this.#readsFiles && !this.#attribute(record, letter, at)) {
          record.unreadable.add(String.fromCharCode(letter))
        }
        break
      default:
        record.describe(letter, line, at)
    }
  }

  get #readsFiles(): boolean {
    return this.#filesRead < limits.apkFiles && this.#pathBytes < limits.apkPathBytes
  }

  /** No file system has longer ones. */
  #isPath(record: PackageRecord, letter: number, at: number): boolean {
    if (this.#line.end - at <= limits.pathBytes) return true
    record.unreadable.add(String.fromCharCode(letter))
    return false
  }

  /** Owner, mode or checksum of the last directory or file; false where it cannot be read. */
  #attribute(record: PackageRecord, letter: number, at: number): boolean {
    const line = this.#line
    if (letter === 0x5a /* Z */) {
      const hex = checksumHex(line.bytes, at, line.end)
      if (hex !== null) record.owned.checkFile(hex)
      return hex !== null
    }
    const owner = this.#owners.parse(line.text(at))
    if (owner === null) return false
    if (letter === 0x61 /* a */) record.owned.ownFile(owner)
    else record.owned.ownDirectory(owner)
    return true
  }

  #endRecord(): void {
    const record = this.#record
    if (record === null) return
    this.#record = null
    const found = record.finish()
    const {name, version, line} = found
    if (!record.hasName || !record.hasVersion) {
      const who = record.hasName ? `package ${quoted(name)} has no version (V:)` : 'a package has no name (P:)'
      this.#warn('APK_BAD_RECORD', `line ${line}: ${who}; it is skipped`, true)
      return
    }
    if (record.unreadable.size > 0) {
      const letters = [...record.unreadable].map(letter => `${letter}:`).join(', ')
      this.#warn('APK_BAD_FIELD', `line ${line}: package ${quoted(name)} has unreadable fields: ${letters}`, false)
    }
    if (!isValidVersion(version)) {
      const what = `package ${quoted(name)} has the malformed version ${quoted(version)}`
      this.#warn('APK_BAD_VERSION', `line ${line}: ${what}`, false)
    }
    const earlier = this.#lineOfName.get(name)
    if (earlier === undefined) this.#lineOfName.set(name, line)
    else this.#warn('APK_DUPLICATE', `line ${line}: package ${quoted(name)} is already on line ${earlier}`, false)
    this.#packages.push(found)
  }

  #warn(code: string, what: string, hides: boolean): void {
    this.#warnings.add({code, message: `${this.#path}: ${what}`, path: this.#path, ...(hides && {hides})})
  }
}

/** Raw text of a stranger at a length that fits into a sentence. */
function quoted(text: string): string {
  return `"${shorten(text, 100)}"`
}
