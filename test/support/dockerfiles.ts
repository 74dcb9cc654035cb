import fc from 'fast-check'
import {type LayerMap, mapLayers} from '../../src/dockerfile/index.js'
import type {HistoryEntry} from '../../src/model/image.js'

/** A line of history, as an image has it. */
export function entry(createdBy: string, emptyLayer = false): HistoryEntry {
  return {createdBy, emptyLayer}
}

/** Maps an image that has one layer for each line of history without `empty_layer`. */
export function mapOf(text: string, history: readonly HistoryEntry[], target: string | null = null): LayerMap {
  const diffIDs = history.filter(({emptyLayer}) => !emptyLayer)
  return mapLayers({dockerfile: {path: 'Dockerfile', text}, target, history, diffIDs})
}

/** `exact 3`: how certain the line of a layer is, and where it starts. */
export function linesOf({layers}: LayerMap): string[] {
  return layers.map(({confidence, location}) => `${confidence} ${location?.startLine}`)
}

/** How a builder writes down what it did. */
export type Builder = 'buildkit' | 'legacy' | 'buildah'

/**
 * An instruction with its truth: the lines that a person writes, and the command or paths that a builder writes down.
 * Nothing here is made by the code under test.
 */
export type Written =
  | {readonly kind: 'RUN'; readonly lines: readonly string[]; readonly command: string}
  | {readonly kind: 'COPY'; readonly source: string; readonly destination: string; readonly stage: string | null}
  | {readonly kind: 'WORKDIR'; readonly path: string}
  | {readonly kind: 'ENV' | 'LABEL'; readonly text: string}

export function linesOfWritten(written: Written): readonly string[] {
  switch (written.kind) {
    case 'RUN':
      return written.lines
    case 'COPY': {
      const from = written.stage === null ? '' : `--from=${written.stage} `
      return [`COPY ${from}${written.source} ${written.destination}`]
    }
    case 'WORKDIR':
      return [`WORKDIR ${written.path}`]
    default:
      return [`${written.kind} ${written.text}`]
  }
}

/** What the builder writes for it. */
export function historyOfWritten(written: Written, builder: Builder): HistoryEntry {
  const nop = builder === 'buildkit' ? '' : '/bin/sh -c #(nop) '
  const suffix = builder === 'buildkit' ? ' # buildkit' : ''
  switch (written.kind) {
    case 'RUN':
      return entry(`${builder === 'buildkit' ? 'RUN ' : ''}/bin/sh -c ${written.command}${suffix}`)
    case 'COPY': {
      const {source, destination} = written
      if (builder === 'buildkit') return entry(`COPY ${source} ${destination}${suffix}`)
      return entry(`${nop}COPY file:${hashOf(source)} in ${destination} `)
    }
    case 'WORKDIR':
      return entry(`${nop}WORKDIR ${written.path}`)
    default:
      return entry(`${nop}${nop === '' ? '' : ' '}${written.kind} ${written.text}`, true)
  }
}

/** Equal for instructions that history does not tell apart: blanks do not count, nor does the stage of a COPY. */
export function key(written: Written): string {
  return historyOfWritten(written, 'buildkit').createdBy.split(/\s+/).join(' ')
}

/** Not a digest, but as long as one and different for different names. */
function hashOf(name: string): string {
  return Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64)
}

const packages = ['curl', 'git', 'nginx', 'bash', 'openssl', 'python3', 'nodejs', 'npm', 'tzdata', 'su-exec', 'jq']
const extras = ['rm -rf /var/cache/apk/*', 'adduser -D app', 'npm ci --omit=dev', 'make install', 'chmod +x /app/run']

const apkRun = fc
  .record({
    names: fc.uniqueArray(fc.constantFrom(...packages), {minLength: 1, maxLength: 5}),
    continued: fc.boolean(),
    comment: fc.boolean(),
  })
  .map(({names, continued, comment}): Written => {
    if (!continued) {
      return {
        kind: 'RUN',
        lines: [`RUN apk add --no-cache ${names.join(' ')}`],
        command: `apk add --no-cache ${names.join(' ')}`,
      }
    }
    const body = names.map((name, index) => `    ${name}${index < names.length - 1 ? ' \\' : ''}`)
    return {
      kind: 'RUN',
      lines: ['RUN apk add --no-cache \\', ...(comment ? ['    # what the program needs', ''] : []), ...body],
      command: `apk add --no-cache ${names.map(name => `    ${name}`).join(' ')}`,
    }
  })

const otherRun = fc
  .uniqueArray(fc.constantFrom(...extras), {minLength: 1, maxLength: 3})
  .map((parts): Written => ({kind: 'RUN', lines: [`RUN ${parts.join(' && ')}`], command: parts.join(' && ')}))

const heredocRun = fc.uniqueArray(fc.constantFrom(...extras), {minLength: 1, maxLength: 3}).map(
  (parts): Written => ({
    kind: 'RUN',
    lines: ['RUN <<EOF', 'set -e', ...parts, 'EOF'],
    command: `set -e\n${parts.join('\n')}\n`,
  }),
)

const copy = fc
  .record({
    source: fc.constantFrom('package.json', 'src', '.', 'dist/app', 'nginx.conf', 'entrypoint.sh'),
    destination: fc.constantFrom('/app/', '/etc/nginx/nginx.conf', '/usr/local/bin/', '/srv', '/app/src'),
    stage: fc.constantFrom(null, null, 'build'),
  })
  .map((parts): Written => ({kind: 'COPY', ...parts}))

const workdir = fc.constantFrom('/app', '/srv', '/usr/src/app').map((path): Written => ({kind: 'WORKDIR', path}))
const metadata = fc.constantFrom<Written>({kind: 'ENV', text: 'NODE_ENV=production'}, {kind: 'LABEL', text: 'team=web'})

/** An instruction as people write them; many of them are much like each other. */
export const instruction: fc.Arbitrary<Written> = fc.oneof(
  {weight: 5, arbitrary: apkRun},
  {weight: 3, arbitrary: otherRun},
  {weight: 1, arbitrary: heredocRun},
  {weight: 4, arbitrary: copy},
  {weight: 1, arbitrary: workdir},
  {weight: 1, arbitrary: metadata},
)

export const builder = fc.constantFrom<Builder>('buildkit', 'legacy', 'buildah')
