import type {Facts} from '../../model/facts.js'
import {imageRepository} from '../../model/image-name.js'
import type {InstalledPackage} from '../../model/package.js'
import type {Finding, Report, ReportLayer} from '../../model/report.js'
import type {BaseImage} from '../../model/source-line.js'
import {type Upgrades, vulnerabilityKey} from '../../model/upgrades.js'

export type Advice = Report['advice'][number]

/** What of the facts decides what to do. */
export type AdviceFacts = Pick<
  Facts,
  'release' | 'alpine' | 'releases' | 'today' | 'packages' | 'world' | 'elfFiles' | 'loaded' | 'matches'
>

/** What is known besides the facts. */
export interface AdviceContext {
  readonly layers: readonly Pick<ReportLayer, 'base'>[]
  readonly base: BaseImage | null
  /** null: an upgrade fixes what has a fix. */
  readonly upgrades: Upgrades | null
}

/** The findings of an image, and what each change would make of them. */
export class Situation {
  readonly findings: readonly Finding[]
  readonly vulnerabilities: readonly Finding[]
  readonly facts: AdviceFacts
  readonly upgrades: Upgrades
  readonly base: BaseImage | null
  readonly #layers: AdviceContext['layers']

  constructor(findings: readonly Finding[], facts: AdviceFacts, {layers, base, upgrades}: AdviceContext) {
    this.findings = findings
    this.vulnerabilities = findings.filter(({family}) => family === 'vulnerability')
    this.facts = facts
    this.upgrades = upgrades ?? upgradesByMatches(facts.matches)
    this.base = base
    this.#layers = layers
  }

  /** How many findings go when the packages are these. */
  removedBy(packages: readonly InstalledPackage[]): number {
    if (this.vulnerabilities.length === 0) return 0
    const open = this.upgrades.stillOpen(packages)
    return this.vulnerabilities.filter(({rule, origin}) => !open.has(vulnerabilityKey(rule, origin ?? ''))).length
  }

  /** The packages with those of them upgraded that are chosen. */
  upgraded(isChosen: (one: InstalledPackage) => boolean): readonly InstalledPackage[] {
    return this.facts.packages.map(one => {
      const version = isChosen(one) ? this.upgrades.newest(one) : one.version
      return version === one.version ? one : {...one, version}
    })
  }

  /** Did the base image bring it? Where nothing tells, the first layer is taken for the base image. */
  isOfBase({layer}: Pick<InstalledPackage, 'layer'>): boolean {
    return this.#layers[layer]?.base ?? layer === 0
  }

  /** Is it known of any layer whose it is? */
  get knowsBase(): boolean {
    return this.#layers.some(({base}) => base === true)
  }

  /** Is Alpine itself the base image, as far as anything says? */
  get isAlpineBase(): boolean {
    if (this.base === null) return true
    return /^(?:(?:docker\.io|index\.docker\.io|registry-1\.docker\.io)\/)?(?:library\/)?alpine$/.test(
      imageRepository(this.base.name),
    )
  }
}

/** Without advisories to ask: a package that changes is one without its findings. */
function upgradesByMatches(matches: Facts['matches']): Upgrades {
  const fixed = new Map(
    matches.flatMap(({fix, packages}) => packages.map(one => [one.name, fix.fixedVersion] as const)),
  )
  return {
    indexDate: null,
    newest: ({name, version}) => fixed.get(name) ?? version,
    stillOpen(packages) {
      const installed = new Set(packages.map(({name, version}) => `${name}\0${version}`))
      const open = matches.filter(match =>
        match.packages.some(({name, version}) => installed.has(`${name}\0${version}`)),
      )
      return new Set(open.map(({fix}) => vulnerabilityKey(fix.id, fix.origin)))
    },
  }
}
