import {Dependencies} from '../../model/dependencies.js'
import type {InstalledPackage} from '../../model/package.js'
import {count} from '../../model/text.js'
import type {Advice, Situation} from './situation.js'

/** Names in one command. */
const namesPerCommand = 12

/**
 * Packages that nothing needs: no world file asks for them, no other package depends on them, nothing that the image
 * starts loads a file of theirs, and no program that stays is linked with one. What `apk add --virtual` gathered for a
 * build is asked for by the build alone. With them goes what only they need.
 */
export function removalAdvice(situation: Situation): Advice | null {
  const {facts, findings} = situation
  const {packages, world, loaded} = facts
  if (loaded === null || loaded.reason !== null || findings.length === 0) return null
  const dependencies = new Dependencies(packages, world)
  const removal = new Removal(situation, dependencies)
  const roots = packages.filter(one => isUnneeded(one, dependencies) && removal.take(one))
  const names = roots
    .map(({name}) => name)
    .filter(isSafeName)
    .sort()
  const {removed} = removal
  const fixes = situation.removedBy(packages.filter(one => !removed.has(one))) + othersOf(situation, removed)
  if (names.length === 0 || names.length !== roots.length || names.length > namesPerCommand || fixes === 0) return null
  return {
    command: `apk del ${names.join(' ')}`,
    text: `Removes ${count(fixes, 'finding')}: nothing needs ${names.length === 1 ? 'it' : 'them'}, and the image loads nothing of ${count(removed.size, 'package')} that go.`,
    fixes,
    atMost: false,
  }
}

function isUnneeded(one: InstalledPackage, dependencies: Dependencies): boolean {
  if (dependencies.on(one).length > 0 || dependencies.installedFor(one) !== null) return false
  return dependencies.worldEntry(one) === null || one.name.startsWith('.')
}

/** What goes, root by root; one that would take something away that is used stays. */
class Removal {
  readonly #dependencies: Dependencies
  readonly #loaded: ReadonlySet<string>
  readonly #owners: ReadonlyMap<string, string>
  readonly #elfFiles: Situation['facts']['elfFiles']
  removed: ReadonlySet<InstalledPackage> = new Set()

  constructor({facts: {loaded, elfFiles}}: Situation, dependencies: Dependencies) {
    this.#dependencies = dependencies
    this.#loaded = new Set(loaded?.packages ?? [])
    this.#elfFiles = elfFiles
    this.#owners = new Map(elfFiles.flatMap(({path, package: owner}) => (owner === null ? [] : [[path, owner]])))
  }

  /** @returns whether it can go */
  take(root: InstalledPackage): boolean {
    const removed = this.#with(root)
    const names = new Set([...removed].map(({name}) => name))
    if ([...names].some(name => this.#loaded.has(name)) || this.#isLinked(names)) return false
    this.removed = removed
    return true
  }

  /** The root, and what nothing but what goes needs. */
  #with(root: InstalledPackage): ReadonlySet<InstalledPackage> {
    const removed = new Set([...this.removed, root])
    for (const one of removed) {
      for (const {on} of this.#dependencies.of(one)) {
        const isNeeded = this.#dependencies.on(on).some(({by}) => !removed.has(by))
        if (!isNeeded && this.#dependencies.worldEntry(on) === null) removed.add(on)
      }
    }
    return removed
  }

  /** Is a file that stays linked with one that goes? */
  #isLinked(names: ReadonlySet<string>): boolean {
    return this.#elfFiles.some(({package: owner, musl}) => {
      if (owner !== null && names.has(owner)) return false
      return musl?.closure.some(path => names.has(this.#owners.get(path) ?? '')) === true
    })
  }
}

/** Findings about files of what goes. */
function othersOf({findings}: Situation, removed: ReadonlySet<InstalledPackage>): number {
  const names = new Set([...removed].map(({name}) => name))
  return findings.filter(
    ({family, packages}) =>
      family !== 'vulnerability' && packages.length > 0 && packages.every(({name}) => names.has(name)),
  ).length
}

function isSafeName(name: string): boolean {
  return /^[A-Za-z0-9_.][A-Za-z0-9._+-]{0,254}$/.test(name)
}
