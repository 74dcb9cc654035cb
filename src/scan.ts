import type {AdvisoryDatabase} from './advisory/database.js'
import type {DockerfileSearch, Trace} from './dockerfile/index.js'
import {coverageWarnings} from './facts/coverage.js'
import {collectorsFor, gatherFacts, packageCollectors} from './facts/index.js'
import type {AlpineRelease} from './model/advisory.js'
import {ElfError, SourceError, UsageError} from './model/errors.js'
import type {OnEvent} from './model/event.js'
import type {Facts} from './model/facts.js'
import type {Image, Platform} from './model/image.js'
import type {Finding, Report, ReportLayer} from './model/report.js'
import type {CheckName} from './model/rule.js'
import {count} from './model/text.js'
import type {Warning} from './model/warning.js'
import type {LibcTables} from './musl/index.js'
import {adviseOn} from './policy/advice.js'
import {applyPolicy, chosenChecks, chosenRules, type Policy} from './policy/index.js'
import {assembleReport} from './report/assemble.js'
import {mergeLayers, type RootView} from './rootfs/index.js'
import {rulesFor} from './rules/index.js'
import {runRules} from './rules/run.js'
import {openSource, type RegistryOptions, type StandardInput} from './source/index.js'
import {version} from './version.js'

export interface ScanOptions {
  /** Which of several platforms; null for the default. */
  readonly platform?: Platform | null
  /** Hash also what need not be read in full. */
  readonly verify?: boolean
  /** No network at all. */
  readonly offline?: boolean
  readonly registry?: RegistryOptions
  /** The branch of Alpine (`v3.20`) whose advisories count where the target does not say its own: an .apk file. */
  readonly assumedBranch?: string | null
  /** What the target `-` reads; without it there is none. */
  readonly input?: StandardInput
  /** Advisories to match with; null matches nothing, and the report says so. */
  readonly database: AdvisoryDatabase | null
  /** What is known of C libraries, to ask what musl's loader would do; null does not ask. */
  readonly libc?: LibcTables | null
  /** The release to judge the files on, as if they stood there; null judges the target as it is. */
  readonly move?: {readonly alpine: AlpineRelease; readonly gcompat: boolean} | null
  /** Where it leaves nothing to check, packages are all that is read and reported. */
  readonly policy?: Policy
  /** Which Dockerfile, to say which line brought what; without this none is looked for. */
  readonly dockerfile?: DockerfileSearch
  /** Where in the repository findings stand that no line of a Dockerfile explains. */
  readonly fallbackLocation?: Report['fallbackLocation']
  /** A target without packages and ELF files is a report, not an error. */
  readonly allowEmpty?: boolean
  /** The day that ages are measured against, YYYY-MM-DD. */
  readonly today: string
  /** What was odd before the scan began, for the report. */
  readonly warnings?: readonly Warning[]
}

export interface ScanResult {
  readonly report: Report
  /** What counts for a gate: all findings of the chosen checks, shown or not. */
  readonly remaining: readonly Finding[]
}

/**
 * The whole scan, in order. The first two steps read; the rest are functions of what came before.
 * @param target `[SCHEME:]VALUE`, see PRODUCT.md "TARGET"
 * @throws {PitonError} where the target cannot be read, or holds nothing that piton knows
 */
export async function scan(target: string, options: ScanOptions, on: OnEvent = () => {}): Promise<ScanResult> {
  const {platform = null, verify = false, offline = false, policy = {}, database, today} = options
  const chosen = chosenChecks(policy)
  const integrity = chosen.has('integrity')
  const libc = chosen.has('musl') ? (options.libc ?? null) : null
  const registry = {userAgent: `piton/${version}`, ...options.registry}
  on({type: 'open', target})
  const opening = {platform, verify, offline, registry, on, input: options.input}
  const image = await openSource(target, opening) // reference -> manifest, config, layers
  try {
    const trace = await traceOf(image, options.dockerfile ?? null) // history, Dockerfile -> lines
    const layers = image.layers.map(({index, diffID, createdBy, verified}): ReportLayer => {
      return {diffID, createdBy, base: trace?.base[index] ?? null, verified}
    })
    if (policy.only != null) refuseUntold(policy.only, layers, image.reference)
    const collectors = chosen.size === 0 ? packageCollectors : collectorsFor(integrity)
    const root = await mergeLayers(image, collectors, on) // layers -> one view, and what was read on the way
    const {move = null, assumedBranch = null} = options
    const gathering = {database, today, libc, move, integrity, assumedBranch}
    const {facts, warnings} = await gatherFacts(root, gathering) // view -> release, packages, ELF files, matches
    if (image.kind === 'elf') refuseUnreadable(facts, root.warnings)
    if (options.allowEmpty !== true) refuseEmpty(image, facts, [...root.warnings, ...warnings], chosen)
    const rules = chosenRules(rulesFor(options.move == null ? 'scan' : 'audit'), policy)
    const found = runRules(rules, facts, {image: image.name, layers, layerOf: path => layerOf(root, path)}) // facts -> findings
    const placed = trace?.place(found, facts) ?? found // findings -> findings with their lines
    const {shown, remaining, hidden} = applyPolicy(placed, policy) // findings -> what was asked for
    const advice = adviseOn(remaining, facts)
    const uncovered = chosen.has('vulnerabilities') ? coverageWarnings(facts) : []
    const untraced =
      trace === null ? [] : [...trace.warnings, ...onlyWarnings(policy.only ?? null, trace.guessed, remaining)]
    const said = [...(options.warnings ?? []), ...untraced, ...root.warnings, ...warnings, ...uncovered]
    return {
      report: assembleReport({
        version,
        image,
        layers,
        base: trace?.baseImage ?? null,
        facts,
        findings: shown,
        suppressed: [],
        fallbackLocation: options.fallbackLocation ?? null,
        hidden,
        rules,
        warnings: said,
        advice,
      }),
      remaining,
    }
  } finally {
    image.close()
  }
}

interface Tracing extends Trace {
  place(findings: readonly Finding[], facts: Facts): readonly Finding[]
}

function layerOf(root: RootView, path: string): number | null {
  const found = root.resolve(path)
  return typeof found === 'string' ? null : found.node.layer
}

/** Only an image has a history; for anything else a line is looked for where the person says so. */
async function traceOf(image: Image, search: DockerfileSearch | null): Promise<Tracing | null> {
  if (image.kind !== 'image' && search?.given == null) return null
  const {placeFindings, traceLayers} = await import('./dockerfile/index.js')
  const trace = traceLayers(image, search ?? {given: null, find: () => [], target: null})
  return {...trace, place: (findings, facts) => placeFindings(findings, trace.map, facts)}
}

/** A filter that cannot tell anything apart would show everything, and look as if it had. */
function refuseUntold(only: 'base' | 'own', layers: readonly ReportLayer[], reference: string): void {
  if (layers.some(({base}) => base !== null)) return
  throw new UsageError('USAGE', `--only ${only}: nothing tells which layers of ${reference} are its base image's`, {
    hint: 'Give the Dockerfile that it was built from with --dockerfile.',
  })
}

function onlyWarnings(only: 'base' | 'own' | null, guessed: boolean, findings: readonly Finding[]): Warning[] {
  if (only === null) return []
  const untold = findings.filter(({layer}) => (layer?.base ?? null) === null).length
  const kept = `--only ${only}: ${count(untold, 'finding')} of which nothing tells whether the base image brought it ${untold === 1 ? 'is' : 'are'} kept`
  const guess = "which layers are the base image's is guessed from the history: give the Dockerfile with --dockerfile"
  return [
    ...(guessed ? [{code: 'BASE_GUESSED', message: guess}] : []),
    ...(untold > 0 ? [{code: 'BASE_UNKNOWN', message: kept}] : []),
  ]
}

/** Of a single file nothing is left where not even its header can be read; what is wrong with it is in its warning. */
function refuseUnreadable({elfFiles}: Facts, [warning]: readonly Warning[]): void {
  if (elfFiles.length > 0 || warning === undefined) return
  throw new ElfError('ELF_BAD_HEADER', warning.message, {hint: 'The file is damaged, or cut short.'})
}

/** "Nothing found" must never mean "nothing looked at". */
function refuseEmpty(
  image: Image,
  {databasePath, packages, elfFiles, release}: Facts,
  warnings: readonly Warning[],
  chosen: ReadonlySet<CheckName>,
): void {
  if (databasePath !== null || packages.length > 0 || elfFiles.length > 0) return
  const system = release === null ? '' : ` (${release.prettyName})`
  const missing = ['no apk package database', ...(chosen.size === 0 ? [] : ['no ELF file'])].join(', ')
  const why = warnings.find(({hides}) => hides === true)
  throw new SourceError(
    'SOURCE_EMPTY',
    `nothing that piton knows is in ${image.reference}${system}: ${missing}${why === undefined ? '' : `; ${why.message}`}`,
    {
      hint: 'Looked for lib/apk/db/installed and usr/lib/apk/db/installed. --allow-empty makes this a report.',
    },
  )
}
