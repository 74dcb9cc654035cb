import {isVirtual, originOf} from '../advisory/by-origin.js'
import type {Held} from '../advisory/match.js'
import type {KnownOrigins} from '../advisory/origins.js'
import {pinsOf} from '../apk/pins.js'
import type {Coverage, CoverageKind, PackageCoverage} from '../model/coverage.js'
import type {ElfFile} from '../model/facts.js'
import type {InstalledPackage, Repository} from '../model/package.js'
import {shorten} from '../model/text.js'
import type {ApkFacts} from './apk.js'

/** The repositories that the secdb is about. */
const covered = ['main', 'community']

const named: PackageCoverage = {kind: 'named', reason: null}
const unknown: PackageCoverage = {kind: 'unknown', reason: null}

/**
 * What the advisories can say of each package.
 * @param held what the packages were held against, the target's own branch first; nothing where it has no advisories
 */
export function coverPackages(
  {packages, repositories, world}: ApkFacts,
  held: readonly Held[],
  origins: KnownOrigins,
): ReadonlyMap<InstalledPackage, PackageCoverage> {
  const [own] = held
  const coverage = new Map<InstalledPackage, PackageCoverage>()
  const isNamed = new Set(
    held.flatMap(({advisories, packages}) => packages.filter(one => advisories.byOrigin.has(originOf(one)))),
  )
  const pins = pinsOf(packages, world)
  const branch = own?.advisories.branch ?? null
  const complete = branch !== null && isComplete(branch, repositories, origins)
  for (const one of packages) {
    if (isVirtual(one)) continue
    const tag = pins.get(one)
    if (isNamed.has(one)) coverage.set(one, named)
    else if (branch === null) coverage.set(one, {kind: 'uncovered', reason: null})
    else if (tag !== undefined) coverage.set(one, pinned(tag, repositories))
    else coverage.set(one, listedIn(branch, originOf(one), origins, complete))
  }
  return coverage
}

/** Sums it up, with the ELF files that the packages own. */
export function coverageOf(
  packages: ReadonlyMap<InstalledPackage, PackageCoverage>,
  elfFiles: readonly ElfFile[],
): Coverage {
  const byName = new Map([...packages].map(([{name}, {kind}]) => [name, kind]))
  const counts = {named: 0, listed: 0, unknown: 0, uncovered: 0}
  const files = {...counts, unowned: 0}
  for (const {kind} of packages.values()) counts[kind]++
  for (const {package: owner} of elfFiles) {
    const kind: CoverageKind | 'unowned' = owner === null ? 'unowned' : (byName.get(owner) ?? 'unknown')
    files[kind]++
  }
  return {of: packages, packages: counts, files}
}

/** A package of another repository, whose advisories do not name it. */
function pinned(tag: string, repositories: readonly Repository[]): PackageCoverage {
  const lines = repositories.filter(one => one.tag === tag)
  const [first] = lines
  if (first === undefined || lines.some(({branch, name}) => branch !== null && covered.includes(name ?? ''))) {
    return unknown
  }
  const {branch, name, path, line} = first
  const place = branch === null ? 'none of Alpine' : `${branch}/${shorten(name ?? '', 60)}`
  return {
    kind: 'uncovered',
    reason: `pinned to @${shorten(tag, 60)}, which is ${place} by ${path}:${line}: there are no advisories for it`,
  }
}

function listedIn(branch: string, origin: string, origins: KnownOrigins, complete: boolean): PackageCoverage {
  const held = origins.find(origin).find(({repository}) => repository.startsWith(`${branch}/`))
  if (held !== undefined) return {kind: 'listed', reason: `in the index of ${held.repository}`}
  if (!complete) return unknown
  const date = origins.date === null ? '' : ` of ${origins.date}`
  return {kind: 'uncovered', reason: `in no repository of ${branch}, by their indexes${date}`}
}

/** Are the indexes known of every repository of Alpine that apk takes packages from? */
function isComplete(branch: string, repositories: readonly Repository[], origins: KnownOrigins): boolean {
  const branches = new Set([branch, ...repositories.flatMap(one => (one.tag === null ? (one.branch ?? []) : []))])
  return [...branches].every(one => covered.every(name => origins.repositories.includes(`${one}/${name}`)))
}
