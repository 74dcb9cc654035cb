import type {BranchAdvisories} from '../advisory/branch-file.js'
import {isVirtual, originOf} from '../advisory/by-origin.js'
import type {AdvisoryDatabase} from '../advisory/database.js'
import type {Held} from '../advisory/match.js'
import type {KnownOrigins} from '../advisory/origins.js'
import {repositoriesOfCommand} from '../apk/command-repositories.js'
import {pinsOf} from '../apk/pins.js'
import type {InstalledPackage, Repository} from '../model/package.js'
import {shorten} from '../model/text.js'
import type {ApkFacts} from './apk.js'
import {type Evidence, evidenceOf, KnownVersions} from './version-evidence.js'

/** What tells where packages come from. */
export interface OriginClues {
  readonly apk: ApkFacts
  /** The command of each layer; null where there is none. */
  readonly commands: readonly (string | null)[]
}

/** Packages of another branch. */
export interface HeldElsewhere extends Held {
  /** The line of a repository that it rests on, `etc/apk/repositories:3`; null where none is left. */
  readonly line: string | null
}

/** Another branch that packages may come from, and what says so. */
interface Source {
  readonly branch: string
  /** `etc/apk/repositories:3 lists edge/main`. */
  readonly clue: string
  readonly line: string | null
}

/** A branch whose repository apk could take any package from. */
interface Candidate extends Source {
  /** Only packages of this layer; null for all. */
  readonly layer: number | null
}

const words: Readonly<Record<Evidence, (own: string, other: string) => string>> = {
  held: (_, other) => `the index of ${other} had exactly this version`,
  unnamed: (own, other) => `advisories of ${other} name it, those of ${own} do not`,
  newer: own => `the version is newer than any that ${own} is known to have had`,
}

/**
 * The packages that come from another branch than the image's own, so far as anything tells: a tag that they are pinned
 * to, or a repository of that branch together with a version that the image's own is not known to have had.
 */
export function heldElsewhere(
  clues: OriginClues,
  own: BranchAdvisories,
  database: AdvisoryDatabase,
  origins: KnownOrigins,
): HeldElsewhere[] {
  const {packages, repositories, world} = clues.apk
  const found = new Map<string, HeldElsewhere & {readonly packages: InstalledPackage[]}>()
  const add = (one: InstalledPackage, {branch, line}: Source, reason: string) => {
    const key = `${branch} ${reason}`
    const advisories = branch === own.branch ? null : database.load(branch)
    if (advisories === null) return
    const known = found.get(key) ?? {advisories, reason, line, packages: []}
    known.packages.push(one)
    found.set(key, known)
  }
  const pins = pinsOf(packages, world)
  const byTag = pins.size === 0 ? new Map<string, Source[]>() : sourcesByTag(repositories)
  for (const [one, tag] of pins) {
    for (const source of byTag.get(tag) ?? sourcesByName(tag)) add(one, source, source.clue)
  }
  const candidates = candidatesOf(clues, own.branch).filter(({branch}) => database.branches().includes(branch))
  if (candidates.length === 0) return [...found.values()]
  const book = new VersionBook(database, origins)
  for (const one of packages) {
    if (pins.has(one) || isVirtual(one)) continue
    const origin = originOf(one)
    for (const candidate of candidates) {
      const {branch, clue, layer} = candidate
      if (layer !== null && one.layer !== layer) continue
      const evidence = evidenceOf(one.version, book.of(own.branch, origin), book.of(branch, origin))
      if (evidence !== null) add(one, candidate, `${clue}, and ${words[evidence](own.branch, branch)}`)
    }
  }
  return [...found.values()]
}

/** What each tag stands for, by the lines that define it. */
function sourcesByTag(repositories: readonly Repository[]): Map<string, Source[]> {
  const byTag = new Map<string, Source[]>()
  for (const {tag, branch, name, path, line} of repositories) {
    if (tag === null) continue
    const sources = byTag.get(tag) ?? []
    byTag.set(tag, sources)
    if (branch === null || sources.some(known => known.branch === branch)) continue
    const at = `${path}:${line}`
    const clue = `pinned to @${shorten(tag, 60)}, which is ${placeText({branch, name})} by ${at}`
    sources.push({branch, clue, line: at})
  }
  return byTag
}

/** A tag whose line is gone speaks by its name, where that begins with the name of a branch: `edge`, `edge-testing`. */
function sourcesByName(tag: string): readonly Source[] {
  const [branch] = /^(?:edge|v\d{1,3}\.\d{1,3})(?![A-Za-z0-9.])/.exec(tag) ?? []
  if (branch === undefined) return []
  const clue = `pinned to @${shorten(tag, 60)}: no repository has that tag any more, its name says ${branch}`
  return [{branch, clue, line: null}]
}

/** Each branch once for all packages, and once for each layer whose command names it. */
function candidatesOf({apk, commands}: OriginClues, own: string): Candidate[] {
  const candidates = new Map<string, Candidate>()
  const propose = (candidate: Candidate) => {
    const key = `${candidate.branch} ${candidate.layer}`
    if (candidate.branch !== own && !candidates.has(key)) candidates.set(key, candidate)
  }
  for (const {tag, branch, name, path, line} of apk.repositories) {
    if (tag !== null || branch === null) continue
    const at = `${path}:${line}`
    propose({branch, layer: null, clue: `${at} lists ${placeText({branch, name})}`, line: at})
  }
  for (const [layer, command] of commands.entries()) {
    for (const {branch, name} of repositoriesOfCommand(command ?? '')) {
      if (candidates.has(`${branch} null`)) continue
      const clue = `the command of layer ${layer + 1} names ${placeText({branch, name})}`
      propose({branch, layer, clue, line: null})
    }
  }
  return [...candidates.values()]
}

function placeText({branch, name}: {readonly branch: string; readonly name: string | null}): string {
  return name === null ? branch : `${branch}/${shorten(name, 60)}`
}

/** What branches are known to have had of an origin; looked up once. */
class VersionBook {
  readonly #database: AdvisoryDatabase
  readonly #origins: KnownOrigins
  readonly #known = new Map<string, KnownVersions>()

  constructor(database: AdvisoryDatabase, origins: KnownOrigins) {
    this.#database = database
    this.#origins = origins
  }

  of(branch: string, origin: string): KnownVersions {
    const key = `${branch} ${origin}`
    let known = this.#known.get(key)
    if (known === undefined) {
      const fixes = this.#database.load(branch)?.byOrigin.get(origin)?.fixes ?? []
      const held = this.#origins
        .find(origin)
        .flatMap(({repository, versions}) => (repository.startsWith(`${branch}/`) ? versions : []))
      known = new KnownVersions(
        held,
        fixes.map(({fixedVersion}) => fixedVersion),
      )
      this.#known.set(key, known)
    }
    return known
  }
}
