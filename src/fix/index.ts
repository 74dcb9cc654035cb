import {DockerfileError} from '../dockerfile/error.js'
import {mapLayers} from '../dockerfile/map.js'
import {platformValues} from '../dockerfile/scope.js'
import {chainOf} from '../dockerfile/stages.js'
import type {DockerfileText} from '../dockerfile/trace.js'
import {SourceError} from '../model/errors.js'
import type {Facts} from '../model/facts.js'
import type {HistoryEntry, Platform} from '../model/image.js'
import type {Finding, Report} from '../model/report.js'
import {shorten} from '../model/text.js'
import type {Upgrades} from '../model/upgrades.js'
import {baseTagOf, branchOfTag} from './base-tag.js'
import {type FixPlan, planFix} from './plan.js'
import type {FixQuestion} from './question.js'

export type {FixPlan} from './plan.js'

/** What was seen in an image, and how it was built. */
export interface FixInput {
  readonly dockerfile: DockerfileText
  /** The stage that was built; null for the last one. */
  readonly stage: string | null
  readonly history: readonly HistoryEntry[]
  readonly platform: Platform | null
  readonly layers: Report['target']['layers']
  readonly reference: string
  readonly facts: Facts
  /** Those that count. */
  readonly findings: readonly Finding[]
  /** null where there is nothing to fix. */
  readonly upgrades: Upgrades | null
}

/** Without findings nobody asks. */
const nothingToFix: Upgrades = {indexDate: null, newest: ({version}) => version, stillOpen: () => new Set()}

/**
 * The edit of a Dockerfile after which a build of it has fewer findings.
 * @throws {DockerfileError} where it cannot be read, or is not what the image was built from
 * @throws {SourceError} for what is not Alpine, or a branch without advisories
 */
export function fixDockerfile(input: FixInput): FixPlan {
  const {dockerfile: given, stage, history, platform, layers, facts} = input
  refuseOthers(input)
  const map = mapLayers({dockerfile: given, target: stage, history, diffIDs: layers, platform})
  const {dockerfile} = map
  if (dockerfile === null || map.belongs === false)
    throw foreign(map.warnings[0]?.message ?? `${given.path} is not the image's`)
  const predefined = platformValues(platform)
  const chain = chainOf(dockerfile, stage, predefined)
  refuseOtherBranch(given.path, chain.image, facts)
  const base = layers.map((layer, index) => map.layers[index]?.base ?? layer.base)
  const question: FixQuestion = {
    text: given.text,
    map: {...map, dockerfile},
    chain,
    predefined,
    history,
    base,
    facts,
    findings: input.findings,
    upgrades: input.upgrades ?? nothingToFix,
  }
  return planFix(question)
}

function refuseOthers({facts, reference}: FixInput): void {
  const {release, databasePath, database} = facts
  const name = shorten(release?.prettyName || release?.id || 'of no known system', 100)
  if (release?.id !== 'alpine' || databasePath === null) {
    throw new SourceError(
      'SOURCE_UNSUPPORTED',
      `${reference} is not Alpine Linux (${name}): piton fix knows apk only`,
      {
        hint: 'piton scan says what is in it.',
      },
    )
  }
  if (database !== null && database.branch !== null) return
  throw new SourceError('SOURCE_UNSUPPORTED', `there are no advisories for ${reference} (${name})`, {
    hint: 'piton db status lists the branches that have some.',
  })
}

/** The packages of another branch are others: nothing that was seen in the image says what to ask for there. */
function refuseOtherBranch(file: string, image: string | null, {release}: Facts): void {
  const {tag, isAlpine} = baseTagOf(image ?? '')
  const branch = branchOfTag(tag)
  if (!isAlpine || branch === null || release === null || release.branch === branch) return
  throw foreign(
    `${file} builds on ${shorten(image ?? '', 200)}, and the image is Alpine ${shorten(release.version, 50)}`,
  )
}

function foreign(message: string): DockerfileError {
  return new DockerfileError('DOCKERFILE_FOREIGN', message, {
    hint: 'Give the Dockerfile that the image was built from, and with --target the stage; or build the image again.',
  })
}
