import type {Rating} from '../model/advisory.js'
import type {Facts} from '../model/facts.js'
import type {InstalledPackage} from '../model/package.js'
import {type Upgrades, vulnerabilityKey} from '../model/upgrades.js'
import {originOf} from './by-origin.js'
import type {AdvisoryDatabase} from './database.js'
import {heldAgain} from './held.js'
import {matchPackages} from './match.js'
import {isNewer, newestOffered} from './offers.js'
import {openPackageVersions, type PackageVersions} from './package-versions.js'

type Matched = Pick<Facts, 'packages' | 'matches' | 'database'>

/** Nobody asks how bad it is, only whether it is still there. */
const unrated: Rating = {cvss: [], kev: false, epss: null}

/**
 * Upgrades as the package index of the branch has them, where the database holds one; else to the first version that
 * fixes all that is known of a package.
 */
export class KnownUpgrades implements Upgrades {
  readonly #facts: Matched
  readonly #database: AdvisoryDatabase
  readonly #versions: PackageVersions | null
  /** By origin. */
  readonly #fixed: ReadonlyMap<string, string>

  constructor(facts: Matched, database: AdvisoryDatabase) {
    this.#facts = facts
    this.#database = database
    const branch = facts.database?.branch ?? null
    this.#versions = branch === null ? null : openPackageVersions(database.location, branch)
    const fixed = new Map<string, string>()
    for (const {fix} of facts.matches) fixed.set(fix.origin, newer(fix.fixedVersion, fixed.get(fix.origin)))
    this.#fixed = fixed
  }

  get indexDate(): string | null {
    return this.#versions?.date ?? null
  }

  newest(one: InstalledPackage): string {
    const {version} = one
    const offered = this.#versions && newestOffered(this.#versions, one)
    if (offered !== null) return newer(offered, version)
    const fixed = this.#fixed.get(originOf(one))
    return fixed === undefined ? version : newer(fixed, version)
  }

  stillOpen(packages: readonly InstalledPackage[]): ReadonlySet<string> {
    const concerned = packages.filter(one => this.#fixed.has(originOf(one)))
    const held = heldAgain(this.#facts.database, concerned, this.#database)
    return new Set(matchPackages(held, () => unrated).matches.map(({fix}) => vulnerabilityKey(fix.id, fix.origin)))
  }
}

function newer(version: string, than: string | undefined): string {
  return than === undefined || isNewer(version, than) ? version : than
}
