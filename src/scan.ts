import type {AdvisoryDatabase} from './advisory/database.js'
import type {DockerfileSearch, LayerMap, Locate, Trace} from './dockerfile/index.js'
import {coverageWarnings} from './facts/coverage.js'
import type {AlpineRelease} from './model/advisory.js'
import {ElfError, SourceError, UsageError} from './model/errors.js'
import type {OnEvent} from './model/event.js'
import type {Facts} from './model/facts.js'
import {type HistoryEntry, type Image, type Platform, platformText} from './model/image.js'
import type {Finding, Report, ReportLayer} from './model/report.js'
import type {CheckName, Rule} from './model/rule.js'
import type {Memory} from './model/stored.js'
import {count} from './model/text.js'
import type {Upgrades} from './model/upgrades.js'
import type {Warning} from './model/warning.js'
import type {LibcTables} from './musl/index.js'
import {adviseOn} from './policy/advice.js'
import {applyPolicy, chosenChecks, chosenRules, type Policy} from './policy/index.js'
import {type JudgeContext, judgeFindings} from './policy/judge.js'
import {setSeverities} from './policy/severities.js'
import {assembleReport} from './report/assemble.js'
import {rulesFor} from './rules/index.js'
import {runRules} from './rules/run.js'
import {lookAt, openTarget, questionOf} from './scan/look.js'
import {Forgotten, Remembered} from './scan/remember.js'
import {refuseNoRegistry, vexJudgeFor} from './scan/vex.js'
import type {RegistryOptions, StandardInput} from './source/index.js'
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
  /** Ends what waits for others: connections, and credential helpers. */
  readonly signal?: AbortSignal
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
  /** Days that the advisories may be old before PT1002 says so at medium; without it 30 days, at low. */
  readonly maxDatabaseAge?: number | null
  /** What was odd before the scan began, for the report. */
  readonly warnings?: readonly Warning[]
  /** Where what is seen is kept for the next scan; without it every scan begins anew. */
  readonly cache?: Memory | null
}

export interface ScanResult {
  readonly report: Report
  /** What counts for a gate: all findings of the chosen checks, shown or not. */
  readonly remaining: readonly Finding[]
  /** What the rules were told. */
  readonly facts: Facts
  /** Finds the line of the Dockerfile that brought something in. */
  readonly locate: Locate
  /** How the image was built, as far as that is known; null for what is no image, and has no Dockerfile. */
  readonly build: Build | null
  /** What becomes of the findings when packages change; null where nothing is to be fixed. */
  readonly upgrades: Upgrades | null
}

/** What an image says of how it was built, and the Dockerfile that does. */
export interface Build {
  readonly map: LayerMap
  readonly history: readonly HistoryEntry[]
  readonly platform: Platform | null
}

/**
 * The whole scan, in order. The first two steps read; the rest are functions of what came before.
 * @param target `[SCHEME:]VALUE`, see PRODUCT.md "TARGET"
 * @throws {PitonError} where the target cannot be read, or holds nothing that piton knows
 */
export async function scan(target: string, options: ScanOptions, on: OnEvent = () => {}): Promise<ScanResult> {
  const {cache = null} = options
  const before = cache && new Remembered(cache, target, questionOf(options))
  try {
    return await scanOnce(target, options, on, before)
  } catch (error) {
    if (!(error instanceof Forgotten)) throw error
    before?.forget()
    return await scanOnce(target, options, on, before)
  } finally {
    before?.close()
  }
}

async function scanOnce(
  target: string,
  options: ScanOptions,
  on: OnEvent,
  before: Remembered | null,
): Promise<ScanResult> {
  const {policy = {}} = options
  const chosen = chosenChecks(policy)
  on({type: 'open', target})
  const image = before?.image() ?? (await openTarget(target, options, on)) // reference -> manifest, config, layers
  try {
    refuseNoRegistry(image, policy.vex ?? null)
    const trace = await traceOf(image, options.dockerfile ?? null) // history, Dockerfile -> lines
    const layers = image.layers.map(({index, diffID, createdBy, verified}): ReportLayer => {
      return {diffID, createdBy, base: trace?.base[index] ?? null, verified}
    })
    if (policy.only != null) refuseUntold(policy.only, layers, image.reference)
    const seen = before?.seen(image) ?? (await lookAt(image, options, on)) // layers -> one view -> facts
    const {facts, readWarnings, factWarnings, layerOf} = before?.asking(seen) ?? seen
    if (image.kind === 'elf') refuseUnreadable(facts, readWarnings)
    if (options.allowEmpty !== true) refuseEmpty(image, facts, [...readWarnings, ...factWarnings], chosen)
    const rules = chosenRules(rulesFor(options.move == null ? 'scan' : 'audit'), policy)
    const found = runRules(rules, facts, {image: image.name, layers, layerOf}) // facts -> findings
    const placed = trace?.place(found, facts) ?? found // findings -> findings with their lines
    const vex = policy.vex == null ? null : await vexJudgeFor(image, policy.vex)
    const judges = [...(policy.judges ?? []), vex, policy.baseline ?? null].filter(judge => judge !== null)
    const judged = judgeFindings(weighed(placed, policy), judges, judgeContext(image, facts, rules))
    const {shown, remaining, suppressed, hidden} = applyPolicy(judged.findings, policy) // findings -> what was asked for
    const upgrades = await upgradesOf(facts, options.database)
    const advice = adviseOn(remaining, facts, {layers, base: trace?.baseImage ?? null, upgrades})
    const uncovered = chosen.has('vulnerabilities') ? coverageWarnings(facts) : []
    const untraced =
      trace === null ? [] : [...trace.warnings, ...onlyWarnings(policy.only ?? null, trace.guessed, remaining)]
    const said = [
      ...(options.warnings ?? []),
      ...untraced,
      ...readWarnings,
      ...factWarnings,
      ...uncovered,
      ...judged.warnings,
    ]
    before?.keep(image, seen)
    return {
      report: assembleReport({
        version,
        image,
        layers,
        base: trace?.baseImage ?? null,
        facts,
        findings: shown,
        suppressed,
        baseline: judged.baseline,
        fallbackLocation: options.fallbackLocation ?? null,
        hidden,
        rules,
        warnings: said,
        advice,
      }),
      remaining,
      facts,
      locate: trace?.locate(facts) ?? (() => null),
      build: trace && {map: trace.map, history: image.config?.history ?? [], platform: image.platform},
      upgrades,
    }
  } finally {
    image.close()
  }
}

/** Findings as bad as the configuration says that they are. */
function weighed(findings: readonly Finding[], {severities}: Policy): readonly Finding[] {
  return severities === undefined ? findings : setSeverities(findings, severities)
}

function judgeContext(image: Image, {packages, today}: Facts, rules: readonly Rule[]): JudgeContext {
  const {reference, kind, name, imageID, manifestDigest, indexDigest = null} = image
  const platform = image.platform && platformText(image.platform)
  const target = {reference, kind, name, platform, imageID, manifestDigest, indexDigest}
  return {target, packages, today, asked: new Set(rules.map(({id}) => id))}
}

/** Nothing to fix, nothing to load. */
async function upgradesOf(facts: Facts, database: AdvisoryDatabase | null): Promise<Upgrades | null> {
  if (database === null || facts.matches.length === 0) return null
  const {KnownUpgrades} = await import('./advisory/upgrades.js')
  return new KnownUpgrades(facts, database)
}

interface Tracing extends Trace {
  place(findings: readonly Finding[], facts: Facts): readonly Finding[]
  locate(facts: Facts): Locate
}

/** Only an image has a history; for anything else a line is looked for where the person says so. */
async function traceOf(image: Image, search: DockerfileSearch | null): Promise<Tracing | null> {
  if (image.kind !== 'image' && search?.given == null) return null
  const {locator, placeFindings, traceLayers} = await import('./dockerfile/index.js')
  const trace = traceLayers(image, search ?? {given: null, find: () => [], target: null})
  return {
    ...trace,
    place: (findings, facts) => placeFindings(findings, trace.map, facts),
    locate: ({packages}) => locator(trace.map, packages),
  }
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
