import {expect, test} from 'vitest'
import {mapLayers} from '../../src/dockerfile/index.js'
import type {HistoryEntry} from '../../src/model/image.js'
import {entry, linesOf, mapOf} from '../support/dockerfiles.js'

/** `base 1`, `own 2`, `? 1`: whose layer it is, and the line where it stands. */
function sidesOf(map: ReturnType<typeof mapOf>): string[] {
  return map.layers.map(({base, location}) => {
    return `${base === null ? '?' : base ? 'base' : 'own'} ${location?.startLine}`
  })
}

function history(...lines: string[]): HistoryEntry[] {
  return lines.map(line => entry(`${line} # buildkit`))
}

const rootfs = 'ADD alpine-minirootfs.tar.gz /'

const images: [name: string, text: string, history: HistoryEntry[], lines: string[]][] = [
  ['one stage', 'FROM a\nRUN b\nCOPY c /c', history(rootfs, 'RUN b', 'COPY c /c'), ['base 1', 'own 2', 'own 3']],
  ['nothing but metadata', 'FROM a\nCMD ["b"]', history(rootfs, 'RUN b'), ['base 1', 'base 1']],
  [
    'from scratch',
    'FROM scratch\nADD rootfs.tar.gz /\nRUN b',
    history('ADD rootfs.tar.gz /', 'RUN b'),
    ['own 2', 'own 3'],
  ],
  [
    'a base built from the same commands',
    'FROM a\nRUN b\nRUN c',
    history(rootfs, 'RUN b', 'RUN c', 'RUN d', 'RUN b', 'RUN c'),
    ['base 1', 'base 1', 'base 1', 'base 1', 'own 2', 'own 3'],
  ],
  [
    'the same command twice',
    'FROM a\nRUN b\nRUN c\nRUN b',
    history(rootfs, 'RUN b', 'RUN c', 'RUN b'),
    ['base 1', 'own 2', 'own 3', 'own 4'],
  ],
  [
    'ONBUILD of the base image',
    'FROM a\nRUN b',
    history(rootfs, 'RUN onbuild', 'COPY . /app', 'RUN b'),
    ['base 1', 'base 1', 'base 1', 'own 2'],
  ],
  ['no layer for WORKDIR', 'FROM a\nWORKDIR /b\nRUN c', history(rootfs, 'RUN c'), ['base 1', 'own 3']],
  [
    'a heredoc',
    'FROM a\nRUN <<E\nb\nc\nE\nRUN d',
    history(rootfs, 'RUN /bin/sh -c b\nc\n', 'RUN d'),
    ['base 1', 'own 2', 'own 6'],
  ],
  [
    'an instruction that is new',
    'FROM a\nRUN b\nRUN new\nRUN c',
    history(rootfs, 'RUN b', 'RUN c'),
    ['base 1', 'own 2', 'own 4'],
  ],
  [
    'an instruction that is gone',
    'FROM a\nRUN b\nRUN c\nRUN d',
    history(rootfs, 'RUN b', 'RUN c', 'RUN gone', 'RUN d'),
    ['base 1', '? 1', 'own 3', 'own 1', 'own 4'],
  ],
  [
    'an edited command after an equal one',
    'FROM a\nRUN b\nRUN apk add curl git jq',
    history(rootfs, 'RUN b', 'RUN apk add curl git'),
    ['base 1', 'own 2', 'own 3'],
  ],
  [
    'an edited first command could be new',
    'FROM a\nRUN apk add curl git jq\nRUN b',
    history(rootfs, 'RUN apk add curl git', 'RUN b'),
    ['base 1', '? 1', 'own 3'],
  ],
  [
    'an edited first command from scratch',
    'FROM scratch\nADD root-2.0.tar.gz /\nRUN b',
    history('ADD root-1.0.tar.gz /', 'RUN b'),
    ['own 2', 'own 3'],
  ],
  [
    'two that are swapped',
    'FROM a\nRUN b\nRUN c\nRUN d',
    history(rootfs, 'RUN c', 'RUN b', 'RUN d'),
    ['base 1', '? 1', 'own 2', 'own 4'],
  ],
]
for (const [name, text, entries, sides] of images) {
  test(`finds base and lines: ${name}`, () => expect(sidesOf(mapOf(text, entries))).toEqual(sides))
}

test('files of several instructions in one layer stand at FROM', () => {
  const entries = [entry(rootfs), entry('/bin/sh -c b', true), entry('/bin/sh -c c', true), entry('/bin/sh -c d')]
  const map = mapOf('FROM a\nRUN b\nRUN c\nRUN d', entries)
  expect(sidesOf(map)).toEqual(['base 1', 'own 1'])
  expect(map.warnings).toEqual([])
})

const lost: [name: string, text: string, history: HistoryEntry[], layers: number, code: string, message: string][] = [
  [
    'flattened',
    'FROM a\nRUN b',
    history(rootfs, 'RUN b'),
    1,
    'DOCKERFILE_HISTORY',
    'the image has 1 layer and its history tells of 2: no line of Dockerfile but FROM can be told',
  ],
  [
    'history stripped',
    'FROM a\nRUN b',
    [],
    3,
    'DOCKERFILE_HISTORY',
    'the image has 3 layers and its history tells of 0: no line of Dockerfile but FROM can be told',
  ],
  [
    'another image',
    'FROM a\nRUN b\nRUN c\nRUN d\nRUN e\nRUN f\nWORKDIR /app\nCOPY . .',
    history(rootfs, 'RUN x', 'WORKDIR /app', 'COPY . .'),
    4,
    'DOCKERFILE_FOREIGN',
    'Dockerfile does not belong to this image: 2 of 7 layers match',
  ],
]
for (const [name, text, entries, layers, code, message] of lost) {
  test(`every layer stands at FROM, and a warning says why: ${name}`, () => {
    const diffIDs = new Array(layers).fill(0)
    const map = mapLayers({dockerfile: {path: 'Dockerfile', text}, target: null, history: entries, diffIDs})
    expect(linesOf(map)).toEqual(new Array(layers).fill('unknown 1'))
    expect(sidesOf(map)).toEqual(new Array(layers).fill('? 1'))
    expect(map.warnings).toEqual([{code, message}])
  })
}

test('docker build --squash: the layer is ours, its line is not known', () => {
  const map = mapOf('FROM a\nRUN b\nRUN c', [entry(rootfs), entry('RUN b', true), entry('RUN c', true), entry('')])
  expect(sidesOf(map)).toEqual(['base 1', 'own 1'])
  const single = mapOf('FROM a\nRUN b', [entry(rootfs), entry('RUN b', true), entry('')])
  expect(sidesOf(single)).toEqual(['base 1', 'own 2'])
})

test('where commands are too many and long to compare, equal ones are still found', () => {
  const commands = Array.from({length: 60}, (_, n) => `RUN ${`word${n} `.repeat(1_000)}end`)
  const built = [rootfs, ...commands.with(5, `${commands[5]} edited`)]
  const map = mapOf(['FROM a', ...commands].join('\n'), history(...built))
  expect(sidesOf(map).filter(side => side === 'own 1')).toHaveLength(1)
  expect(sidesOf(map).slice(-2)).toEqual(['own 60', 'own 61'])
})

test('a Dockerfile that is newer than the image says so', () => {
  const map = mapOf('FROM a\nRUN b\nRUN c\nRUN new', history(rootfs, 'RUN b', 'RUN c'))
  const message = 'Dockerfile is not what the image was built from: 2 of 3 layers match'
  expect(map).toMatchObject({belongs: true, warnings: [{code: 'DOCKERFILE_CHANGED', message}]})
})

test('a Dockerfile without layers belongs to every image on its base, for all that is known', () => {
  expect(mapOf('FROM a\nCMD ["b"]', history(rootfs))).toMatchObject({belongs: null, warnings: []})
})

test('without a Dockerfile nothing is known', () => {
  const map = mapLayers({dockerfile: null, target: null, history: history(rootfs), diffIDs: [0]})
  expect(map).toMatchObject({dockerfile: null, base: {reference: null, location: null}, belongs: null, warnings: []})
  expect(map.layers).toMatchObject([{base: null, confidence: 'unknown', location: null}])
})

test('a location is the whole instruction, with its lines', () => {
  const map = mapOf('FROM a\nRUN b \\\n    c\n', history(rootfs, 'RUN b     c'))
  expect(map.layers[1]?.location).toEqual({
    file: 'Dockerfile',
    startLine: 2,
    startColumn: 1,
    endLine: 3,
    endColumn: 6,
    snippet: 'RUN b \\\n    c',
  })
})
