import type {HistoryEntry, Platform} from '../model/image.js'
import type {Confidence, Location} from '../model/source-line.js'
import {count} from '../model/text.js'
import type {Warning} from '../model/warning.js'
import {type Agreement, agreementOf} from './agreement.js'
import {align} from './align.js'
import {type Grade, gradeLayers} from './grade.js'
import {type Dockerfile, flagOf, type Instruction} from './instruction.js'
import {layersOf} from './layers.js'
import {locationOf} from './location.js'
import {parseDockerfile} from './parse.js'
import {platformValues, valuesOf} from './scope.js'
import {type Chain, chainOf} from './stages.js'
import {type Step, stepsOf} from './steps.js'

export interface MapInput {
  /** Path as reports name it, and the text; null where there is none. */
  readonly dockerfile: {readonly path: string; readonly text: string} | null
  /** The stage that was built; null for the last one. */
  readonly target: string | null
  readonly history: readonly HistoryEntry[]
  readonly diffIDs: readonly unknown[]
  /** Of the image, for `$TARGETARCH` and its like. */
  readonly platform?: Platform | null
}

/** Where one layer comes from. */
export interface MappedLayer {
  /** Did it come with the base image? null where that cannot be told. */
  readonly base: boolean | null
  readonly confidence: Confidence
  /** The instruction that made it, else the FROM of the base image; null without a Dockerfile. */
  readonly location: Location | null
  /** The instruction that made it; null where that is not certain. */
  readonly instruction: Instruction | null
  /** The stage or image that a `COPY --from` took it from. */
  readonly copiedFrom: string | null
}

/** Which line of a Dockerfile made which layer. */
export interface LayerMap {
  readonly dockerfile: Dockerfile | null
  /** One for each layer, from the base up. */
  readonly layers: readonly MappedLayer[]
  readonly base: {
    /** As FROM names it, variables replaced; null where that is not known. */
    readonly reference: string | null
    readonly location: Location | null
  }
  /** Is the image made from this Dockerfile? null where nothing tells. */
  readonly belongs: boolean | null
  /** How well they agree, from 0 to 1. */
  readonly score: number
  /** What keeps findings from their lines, in words. */
  readonly warnings: readonly Warning[]
}

const nothing: Grade = {base: null, confidence: 'unknown', step: null}

/**
 * Finds the line behind each layer of an image. A line is named only where it is certain; every other layer stands at
 * the FROM of the base image.
 * @throws {DockerfileError} where the Dockerfile cannot be read, or has no such target
 */
export function mapLayers({dockerfile: given, target, history, diffIDs, platform = null}: MapInput): LayerMap {
  if (given === null) return withoutDockerfile(diffIDs.length)
  const dockerfile = parseDockerfile(given.text, given.path)
  const chain = chainOf(dockerfile, target, platformValues(platform))
  const steps = stepsOf(dockerfile, chain, valuesOf(history))
  const {grades, belongs, score, warnings} = judge(dockerfile.file, chain, steps, history, diffIDs.length)
  const from = locationOf(dockerfile, chain.from)
  const layers = grades.map(({base, confidence, step}): MappedLayer => {
    const instruction = (step === null ? undefined : steps[step])?.instruction ?? null
    const location = instruction === null ? from : locationOf(dockerfile, instruction)
    return {base, confidence, location, instruction, copiedFrom: instruction && flagOf(instruction, 'from')}
  })
  return {dockerfile, layers, base: {reference: chain.image, location: from}, belongs, score, warnings}
}

function withoutDockerfile(layerCount: number): LayerMap {
  const layer: MappedLayer = {base: null, confidence: 'unknown', location: null, instruction: null, copiedFrom: null}
  return {
    dockerfile: null,
    layers: new Array<MappedLayer>(layerCount).fill(layer),
    base: {reference: null, location: null},
    belongs: null,
    score: 0,
    warnings: [],
  }
}

interface Judgement {
  readonly grades: readonly Grade[]
  readonly belongs: boolean | null
  readonly score: number
  readonly warnings: readonly Warning[]
}

function judge(
  file: string,
  {image}: Chain,
  steps: readonly Step[],
  history: readonly HistoryEntry[],
  layerCount: number,
): Judgement {
  const unknown = new Array<Grade>(layerCount).fill(nothing)
  const entries = layersOf(history, layerCount)
  if (entries === null)
    return {grades: unknown, belongs: null, score: 0, warnings: [historyWarning(file, history, layerCount)]}
  const alignment = align(steps, entries)
  const agreement = agreementOf(steps, entries, alignment)
  const warnings = agreementWarnings(file, agreement)
  const {belongs, score} = agreement
  if (belongs === false) return {grades: unknown, belongs, score, warnings}
  const grades = gradeLayers(layerCount, steps, entries, alignment, image === 'scratch')
  return {grades, belongs, score, warnings}
}

function historyWarning(file: string, history: readonly HistoryEntry[], layerCount: number): Warning {
  const lines = history.filter(({emptyLayer}) => !emptyLayer).length
  const what = `the image has ${count(layerCount, 'layer')} and its history tells of ${lines}`
  return {
    code: 'DOCKERFILE_HISTORY',
    message: `${what}: no line of ${file} but FROM can be told`,
  }
}

function agreementWarnings(file: string, {matched, expected, belongs}: Agreement): Warning[] {
  const matches = `${matched} of ${count(expected, 'layer')} ${matched === 1 ? 'matches' : 'match'}`
  if (belongs === false) {
    return [{code: 'DOCKERFILE_FOREIGN', message: `${file} does not belong to this image: ${matches}`}]
  }
  if (matched === expected) return []
  return [{code: 'DOCKERFILE_CHANGED', message: `${file} is not what the image was built from: ${matches}`}]
}
