import type {Dependencies} from '../../model/dependencies.js'
import type {InstalledPackage} from '../../model/package.js'
import type {ChainLink} from '../../model/why.js'

/** Chains of equal length: people read two or three. */
const chainsKept = 5

interface Step {
  readonly one: InstalledPackage
  readonly as: string | null
  /** Towards the package that was asked for. */
  readonly next: Step | null
}

/** The shortest ways from the world file to a package, along what packages need; none where nothing in it leads there. */
export function shortestChains(
  wanted: InstalledPackage,
  dependencies: Dependencies,
): readonly (readonly ChainLink[])[] {
  const seen = new Set([wanted])
  let level: readonly Step[] = [{one: wanted, as: null, next: null}]
  while (level.length > 0) {
    const reached = level.filter(({one}) => dependencies.worldEntry(one) !== null)
    if (reached.length > 0) return reached.slice(0, chainsKept).map(chainOf)
    const further: Step[] = []
    for (const step of level) {
      for (const {by, as} of dependencies.on(step.one)) {
        if (seen.has(by)) continue
        seen.add(by)
        further.push({one: by, as: null, next: {...step, as}})
      }
    }
    level = further
  }
  return []
}

function chainOf(first: Step): readonly ChainLink[] {
  const links: ChainLink[] = []
  for (let step: Step | null = first; step !== null; step = step.next) links.push({package: step.one.name, as: step.as})
  return links
}
