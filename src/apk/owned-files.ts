import type {OwnedDirectory, OwnedFile, Owner} from '../model/package.js'

type Mutable<T> = {-readonly [K in keyof T]: T[K]}

/** Gathers the files of one package; its `F:`, `M:`, `R:`, `a:` and `Z:` lines refer to each other by their order. */
export class OwnedFiles {
  readonly files: Mutable<OwnedFile>[] = []
  readonly directories: OwnedDirectory[] = []
  #folder = ''
  #last: Mutable<OwnedFile> | undefined

  /** `F:`, the directory of the files that follow. */
  openDirectory(path: string): void {
    this.#folder = relative(path)
    this.#last = undefined
  }

  /** `M:`, of the directory. */
  ownDirectory(owner: Owner): void {
    this.directories.push({path: this.#folder, owner})
  }

  /** `R:`. @returns the length of its path */
  addFile(name: string): number {
    const path = this.#folder === '' ? relative(name) : `${this.#folder}/${name}`
    this.#last = {path, checksum: null, owner: null}
    this.files.push(this.#last)
    return path.length
  }

  /** `a:`, of the last file. */
  ownFile(owner: Owner): void {
    if (this.#last !== undefined) this.#last.owner = owner
  }

  /** `Z:`, of the last file. */
  checkFile(hex: string): void {
    if (this.#last !== undefined) this.#last.checksum = {algorithm: 'sha1', hex}
  }

  /** The same 20 bytes mean something else where the package's flags hold an S, which may come after the files. */
  useSha256(): void {
    for (const file of this.files) {
      if (file.checksum !== null) file.checksum = {algorithm: 'sha256-160', hex: file.checksum.hex}
    }
  }
}

/** Real systems have some twenty. */
const mostKnown = 1000

/** Reads owners, and makes each only once: most files of a system have one of a handful. */
export class Owners {
  readonly #known = new Map<string, Owner | null>()

  /** `uid:gid:mode`, the mode in octal; apk may append a checksum of extended attributes. Null for anything else. */
  parse(text: string): Owner | null {
    let owner = this.#known.get(text)
    if (owner === undefined) {
      owner = parseOwner(text)
      if (this.#known.size < mostKnown) this.#known.set(text, owner)
    }
    return owner
  }
}

function parseOwner(text: string): Owner | null {
  const [, uid, gid, mode] = /^(\d{1,10}):(\d{1,10}):([0-7]{1,5})(?::|$)/.exec(text) ?? []
  if (uid === undefined || gid === undefined || mode === undefined) return null
  return {uid: Number(uid), gid: Number(gid), mode: Number.parseInt(mode, 8) & 0o7777}
}

function relative(path: string): string {
  return path.startsWith('/') ? path.replace(/^\/+/, '') : path
}
