import {limits} from '../model/limits.js'
import type {ApkPackage} from '../model/package.js'
import type {LineReader} from './line-reader.js'
import {OwnedFiles} from './owned-files.js'

type Mutable<T> = {-readonly [K in keyof T]: T[K]}
type KeysOf<Value> = {[K in keyof ApkPackage]-?: ApkPackage[K] extends Value ? K : never}[keyof ApkPackage]

const textFields = byLetter<KeysOf<string>>({
  P: 'name',
  V: 'version',
  A: 'architecture',
  o: 'origin',
  T: 'description',
  U: 'url',
  L: 'license',
  m: 'maintainer',
  c: 'commit',
  C: 'checksum',
  s: 'repositoryTag',
  f: 'flags',
})
const listFields = byLetter<'depends' | 'provides' | 'installIf' | 'replaces'>({
  D: 'depends',
  p: 'provides',
  i: 'installIf',
  r: 'replaces',
})
const numberFields = byLetter<'sizeBytes' | 'installedBytes' | 'buildTime'>({
  S: 'sizeBytes',
  I: 'installedBytes',
  t: 'buildTime',
})

const none: readonly never[] = []

/** One record of the installed database while its lines come in. */
export class PackageRecord {
  /** A name or a version that is missing is not the same as one that is empty. */
  hasName = false
  hasVersion = false
  /** Letters of the fields whose value makes no sense. */
  readonly unreadable = new Set<string>()
  readonly owned = new OwnedFiles()
  readonly #package: Mutable<ApkPackage>

  constructor(line: number) {
    this.#package = {
      name: '',
      version: '',
      architecture: '',
      origin: '',
      description: '',
      url: '',
      license: '',
      maintainer: '',
      commit: '',
      buildTime: null,
      depends: none,
      provides: none,
      installIf: none,
      replaces: none,
      sizeBytes: null,
      installedBytes: null,
      checksum: '',
      repositoryTag: '',
      flags: '',
      files: none,
      line,
    }
  }

  /** Takes a field that describes the package; other letters (k, q, g, and what apk may add) mean nothing to a scan. */
  describe(letter: number, line: LineReader, at: number): void {
    const text = textFields.get(letter)
    if (text !== undefined) {
      if (line.end - at > limits.apkFieldBytes) {
        this.unreadable.add(String.fromCharCode(letter))
        return
      }
      this.#package[text] = line.text(at)
      if (text === 'name') this.hasName = true
      if (text === 'version') this.hasVersion = true
      return
    }
    const list = listFields.get(letter)
    if (list !== undefined) {
      this.#package[list] = this.#list(letter, line.text(at))
      return
    }
    const number = numberFields.get(letter)
    if (number !== undefined) this.#package[number] = this.#number(letter, line.text(at))
  }

  finish(): ApkPackage {
    const record = this.#package
    if (record.origin === '') record.origin = record.name
    if (record.flags.includes('S')) this.owned.useSha256()
    if (this.owned.files.length > 0) record.files = this.owned.files
    if (this.owned.directories.length > 0) record.directories = this.owned.directories
    return record
  }

  #list(letter: number, text: string): readonly string[] {
    const items = text.split(' ', limits.apkListItems + 1).filter(item => item !== '')
    if (items.length > limits.apkListItems) {
      this.unreadable.add(String.fromCharCode(letter))
      items.pop()
    }
    return items
  }

  #number(letter: number, text: string): number | null {
    if (/^\d{1,15}$/.test(text)) return Number(text)
    this.unreadable.add(String.fromCharCode(letter))
    return null
  }
}

function byLetter<Key extends keyof ApkPackage>(fields: Readonly<{[letter: string]: Key}>): ReadonlyMap<number, Key> {
  return new Map(Object.entries(fields).map(([letter, key]) => [letter.charCodeAt(0), key]))
}
