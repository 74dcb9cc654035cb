import type {ElfFile} from '../../model/facts.js'
import {compareText} from '../../model/text.js'
import type {LinkedBy} from '../../model/why.js'

/** Who needs which library, as musl's loader resolves it; by name where it was not asked. */
export class LinkGraph {
  readonly #files: readonly ElfFile[]
  readonly #byPath: ReadonlyMap<string, ElfFile>
  readonly #closures = new Map<ElfFile, ReadonlySet<string>>()

  constructor(files: readonly ElfFile[]) {
    this.#files = files
    this.#byPath = new Map(files.map(file => [file.path, file]))
  }

  /** Files that need one of these, those that name it first; in order of path. */
  linkedBy(paths: readonly string[]): readonly LinkedBy[] {
    const libraries = paths.flatMap(path => this.#byPath.get(path) ?? [])
    const found = this.#files.flatMap(({path, package: owner}) => {
      if (paths.includes(path)) return []
      const file = this.#byPath.get(path) as ElfFile
      const library = libraries.find(one => this.#needs(file, one)) ?? libraries.find(one => this.#brings(file, one))
      return library === undefined
        ? []
        : [{path, package: owner, library: library.path, direct: this.#needs(file, library)}]
    })
    return found.sort((a, b) => Number(b.direct) - Number(a.direct) || compareText(a.path, b.path))
  }

  /** The shortest way from one file to one of others, where each names the next; [] where there is none. */
  path(from: string | null, to: ReadonlySet<string>, among: ReadonlySet<string>): readonly string[] {
    if (from === null) return []
    const before = new Map<string, string | null>([[from, null]])
    for (const [path] of before) {
      if (to.has(path)) return backFrom(path, before)
      const file = this.#byPath.get(path)
      if (file === undefined) continue
      for (const next of among) {
        const library = this.#byPath.get(next)
        if (library !== undefined && !before.has(next) && this.#needs(file, library)) before.set(next, path)
      }
    }
    return []
  }

  /** Is it in DT_NEEDED, and what the loader comes to? */
  #needs(file: ElfFile, library: ElfFile): boolean {
    const name = library.path.slice(library.path.lastIndexOf('/') + 1)
    if (!file.needed.some(needed => needed === name || needed === library.soname)) return false
    return file.musl === null || this.#brings(file, library)
  }

  #brings(file: ElfFile, {path, sameAs}: ElfFile): boolean {
    let closure = this.#closures.get(file)
    if (closure === undefined) {
      closure = new Set(file.musl?.closure ?? [])
      this.#closures.set(file, closure)
    }
    return closure.has(path) || (sameAs !== null && closure.has(sameAs))
  }
}

function backFrom(end: string, before: ReadonlyMap<string, string | null>): readonly string[] {
  const path: string[] = []
  for (let at: string | null = end; at !== null; at = before.get(at) ?? null) path.push(at)
  return path.reverse()
}
