import fc from 'fast-check'
import {mapLayers} from '../../src/dockerfile/index.js'
import {
  type Builder,
  builder,
  entry,
  historyOfWritten,
  instruction,
  key,
  linesOfWritten,
  type Written,
} from './dockerfiles.js'

/** An instruction of the Dockerfile; `made` is the place of the layer's instruction in the image, null if it is new. */
interface Line {
  readonly written: Written
  readonly made: number | null
}

export const mutations = ['none', 'edit', 'insert', 'delete', 'swap', 'move'] as const
export type Mutation = (typeof mutations)[number]

/** An image that was built from a Dockerfile, and what then happens to the Dockerfile. */
export interface MutationCase {
  /** What the base image was made with: other commands, or some of the same. */
  readonly base: readonly Written[]
  readonly own: readonly Written[]
  readonly builder: Builder
  readonly mutation: Mutation
  readonly at: number
  readonly to: number
  /** What is inserted, or what an edit puts in place. */
  readonly fresh: Written
  /** An edit adds a word instead of replacing all. */
  readonly slight: boolean
}

/** No two instructions of the Dockerfile have the same text, so that the truth of each layer is one line. */
export const mutationCases: fc.Arbitrary<MutationCase> = fc
  .record({
    all: fc.uniqueArray(instruction, {minLength: 3, maxLength: 12, selector: key, size: 'max'}),
    baseCount: fc.nat(4),
    builder,
    mutation: fc.constantFrom(...mutations),
    at: fc.nat(20),
    to: fc.nat(20),
    slight: fc.boolean(),
    rebuilt: fc.boolean(),
  })
  .map(({all, baseCount, rebuilt, ...rest}) => {
    const [fresh, ...others] = all
    const base = Math.min(baseCount, others.length - 1)
    const own = others.slice(base)
    return {...rest, fresh: fresh as Written, base: rebuilt ? own.slice(0, base) : others.slice(0, base), own}
  })

function mutate({own, mutation, at, to, fresh, slight}: MutationCase): Line[] {
  const lines = own.map((written, made): Line => ({written, made}))
  const index = at % own.length
  const line = lines[index] as Line
  switch (mutation) {
    case 'none':
      return lines
    case 'edit':
      return lines.with(index, {...line, written: edited(line.written, fresh, slight)})
    case 'insert':
      return lines.toSpliced(at % (own.length + 1), 0, {written: fresh, made: null})
    case 'delete':
      return lines.toSpliced(index, 1)
    default: {
      const rest = lines.toSpliced(index, 1)
      return rest.toSpliced(mutation === 'swap' ? Math.min(index + 1, rest.length) : to % own.length, 0, line)
    }
  }
}

/** The same kind of instruction with another text. */
function edited(written: Written, fresh: Written, slight: boolean): Written {
  if (written.kind === 'RUN') {
    if (!slight && fresh.kind === 'RUN') return fresh
    const last = written.lines.at(-1) ?? ''
    if (last === 'EOF') return {...written, lines: ['RUN <<EOF', 'set -ex', ...written.lines.slice(2)]}
    return {...written, lines: written.lines.with(-1, `${last} vim`)}
  }
  if (written.kind === 'COPY') return {...written, source: `${written.source}2`}
  return written
}

export interface Outcome {
  readonly right: number
  readonly from: number
  readonly wrong: number
  /** Layers that are said to be the base's or not, and are not. */
  readonly wrongBase: number
}

/** Builds the image of one Dockerfile, changes the Dockerfile, and compares what the map says with the truth. */
export function outcomeOf(each: MutationCase): Outcome {
  const history = [
    entry('ADD alpine-minirootfs.tar.gz / # buildkit'),
    entry('CMD ["/bin/sh"]', true),
    ...[...each.base, ...each.own].map(written => historyOfWritten(written, each.builder)),
  ]
  const makesLayer = ({kind}: Written) => kind !== 'ENV' && kind !== 'LABEL'
  const baseLayers = 1 + each.base.filter(makesLayer).length

  const text = ['FROM golang:1 AS build', 'RUN go build', 'FROM registry/base:1']
  const lineOf = new Map<number, number>()
  for (const {written, made} of mutate(each)) {
    if (made !== null) lineOf.set(made, text.length + 1)
    text.push(...linesOfWritten(written))
  }
  const layers = history.filter(({emptyLayer}) => !emptyLayer)
  const map = mapLayers({
    dockerfile: {path: 'Dockerfile', text: text.join('\n')},
    target: null,
    history,
    diffIDs: layers,
  })

  const truth: (number | null)[] = [
    ...new Array<null>(baseLayers).fill(null),
    ...each.own.flatMap((written, index) => (makesLayer(written) ? [lineOf.get(index) ?? null] : [])),
  ]
  const outcome = {right: 0, from: 0, wrong: 0, wrongBase: 0}
  for (const [index, {location, base}] of map.layers.entries()) {
    const line = location?.startLine
    if (line === (truth[index] ?? 3)) outcome.right++
    else if (line === 3) outcome.from++
    else outcome.wrong++
    if (base !== null && base !== index < baseLayers) outcome.wrongBase++
  }
  return outcome
}
