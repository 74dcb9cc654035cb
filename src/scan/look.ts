import type {OnEvent} from '../model/event.js'
import type {Image} from '../model/image.js'
import {chosenChecks} from '../policy/index.js'
import type {ScanOptions} from '../scan.js'
import {version} from '../version.js'
import type {Question} from './remember.js'
import type {Seen} from './seen.js'

/** What a scan is asked: two scans with equal questions see the same in the same target. */
export function questionOf(options: ScanOptions): Question {
  const {platform = null, database, today, move = null, libc = null, policy = {}, verify = false} = options
  const {assumedBranch = null, maxDatabaseAge = null} = options
  const {integrity, onlyPackages, musl} = askedFor(policy)
  const tables = musl ? libc : null
  const location = tables === null ? [] : tables.location === null ? null : [tables.location]
  return {
    decides: {
      platform,
      database: database && [database.location, database.date],
      today,
      maxDatabaseAge,
      move: move && [move.alpine.branch, move.gcompat],
      assumedBranch,
      musl: tables !== null,
      integrity,
      onlyPackages,
    },
    folders: location && [...(database === null ? [] : [database.location]), ...location],
    trustFiles: !verify,
  }
}

/** Reference → manifest, configuration, layers. What it takes is loaded now: a target that is remembered takes none of it. */
export async function openTarget(target: string, options: ScanOptions, on: OnEvent): Promise<Image> {
  const {platform = null, verify = false, offline = false, signal} = options
  const registry = {userAgent: `piton/${version}`, ...options.registry, ...(signal && {signal})}
  const {openSource} = await import('../source/index.js')
  return openSource(target, {platform, verify, offline, registry, on, input: options.input})
}

/** Layers → one view, with what was read on the way → release, packages, ELF files, matches. */
export async function lookAt(image: Image, options: ScanOptions, on: OnEvent): Promise<Seen> {
  const {database, today, move = null, assumedBranch = null, policy = {}, cache = null} = options
  const {maxDatabaseAge = null} = options
  const {integrity, onlyPackages, musl} = askedFor(policy)
  const [{mergeLayers}, {collectorsFor, gatherFacts, packageCollectors}] = await Promise.all([
    import('../rootfs/index.js'),
    import('../facts/index.js'),
  ])
  const collectors = onlyPackages ? packageCollectors : collectorsFor(integrity, image.config !== null)
  const root = await mergeLayers(image, collectors, on, cache)
  const config = onlyPackages ? null : image.config
  const commands = image.layers.map(({createdBy}) => createdBy)
  const libc = musl ? (options.libc ?? null) : null
  const {facts, warnings} = await gatherFacts(root, {
    database,
    today,
    maxDatabaseAge,
    libc,
    move,
    integrity,
    assumedBranch,
    commands,
    config,
  })
  const layerOf = (path: string) => {
    const found = root.resolve(path)
    return typeof found === 'string' ? null : found.node.layer
  }
  return {facts, readWarnings: root.warnings, factWarnings: warnings, layerOf}
}

function askedFor(policy: NonNullable<ScanOptions['policy']>) {
  const chosen = chosenChecks(policy)
  return {integrity: chosen.has('integrity'), musl: chosen.has('musl'), onlyPackages: chosen.size === 0}
}
