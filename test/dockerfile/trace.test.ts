import {expect, test} from 'vitest'
import {type DockerfileText, type Trace, traceLayers} from '../../src/dockerfile/index.js'
import type {HistoryEntry, ImageConfig} from '../../src/model/image.js'
import {entry} from '../support/dockerfiles.js'
import {layered} from '../support/layers.js'

const rootfs = entry('ADD alpine-minirootfs-3.20.3-x86_64.tar.gz / # buildkit')
const shell = entry('CMD ["/bin/sh"]', true)
const add = entry('RUN /bin/sh -c apk add --no-cache curl # buildkit')
const copy = entry('COPY app /app # buildkit')
const start = entry('CMD ["/app"]', true)

const own = 'FROM alpine:3.20\nRUN apk add --no-cache curl\nCOPY app /app\nCMD ["/app"]\n'

interface Given {
  readonly history: readonly HistoryEntry[]
  readonly given?: string
  readonly nearby?: readonly (readonly [path: string, text: string])[]
  readonly labels?: readonly (readonly [string, string])[]
  readonly annotations?: readonly (readonly [string, string])[]
  readonly stage?: string
}

function trace({history, given, nearby = [], labels = [], annotations = [], stage}: Given): Trace {
  const layerCount = history.filter(({emptyLayer}) => !emptyLayer).length
  const config: ImageConfig = {
    platform: {os: 'linux', architecture: 'amd64'},
    entrypoint: [],
    cmd: [],
    env: [],
    workingDir: '',
    labels: new Map(labels),
    history,
    diffIDs: [],
  }
  const {layers} = layered(new Array(layerCount).fill(new Uint8Array(0)))
  return traceLayers(
    {config, layers, platform: config.platform, annotations: new Map(annotations)},
    {
      given: given === undefined ? null : {path: 'Dockerfile', text: given},
      find: () => nearby.map(([path, text]): DockerfileText => ({path, text})),
      target: stage ?? null,
    },
  )
}

const history = [rootfs, shell, add, copy, start]
const unrelated = 'FROM debian\nRUN apt-get install -y curl\nCOPY . /srv\n'
const similar = 'FROM alpine:3.20\nRUN apk add --no-cache curl\nCOPY app /app\nRUN touch /done\n'

const chosen: [name: string, nearby: readonly (readonly [string, string])[], file: string | undefined][] = [
  ['none', [], undefined],
  [
    'the one that fits',
    [
      ['Dockerfile', unrelated],
      ['app/Dockerfile', own],
    ],
    'app/Dockerfile',
  ],
  [
    'the one that fits best',
    [
      ['Dockerfile', similar],
      ['app/Dockerfile', own],
    ],
    'app/Dockerfile',
  ],
  [
    'of equal ones the first',
    [
      ['Dockerfile', own],
      ['app/Dockerfile', own],
    ],
    'Dockerfile',
  ],
  ['none that is another image', [['Dockerfile', unrelated]], undefined],
  ['none that cannot be read', [['Dockerfile', 'FROM {{ image }}\n{% if x %}']], undefined],
  [
    'none that makes no layer: every image on that base would agree',
    [['Dockerfile', 'FROM alpine\nENV A=1']],
    undefined,
  ],
]
for (const [name, nearby, file] of chosen) {
  test(`chooses a Dockerfile nearby: ${name}`, () => {
    const {map, warnings} = trace({history, nearby})
    expect(map.dockerfile?.file).toBe(file)
    if (file === undefined) expect(warnings).toEqual([])
  })
}

test('a stage that a Dockerfile nearby does not have is no error', () => {
  expect(trace({history, nearby: [['Dockerfile', own]], stage: 'prod'}).map.dockerfile).toBeNull()
})

const refused: [name: string, text: string, said: string][] = [
  ['of another image', unrelated, 'Dockerfile does not belong to this image: 0 of 2 layers match'],
  ['that is none', '{{ template }}', 'Dockerfile, line 1: "{{" is not an instruction'],
  ['without a stage', 'ARG A=1\n', 'Dockerfile: no FROM in it'],
]
for (const [name, text, said] of refused) {
  test(`refuses a given Dockerfile ${name}`, () => {
    expect(() => trace({history, given: text})).toThrow(said)
  })
}

const bases: [name: string, history: readonly HistoryEntry[], base: readonly (boolean | null)[]][] = [
  ['what stands before a CMD that layers follow', history, [true, false, false]],
  ['of several such CMDs the last', [rootfs, shell, add, start, copy, start], [true, true, false]],
  ['Alpine itself has no base', [rootfs, shell], [null]],
  ['the root file system, without a CMD', [rootfs, add], [true, false]],
  ['nothing, where history does not tell', [add, copy, start], [null, null]],
  ['nothing, where history tells of fewer layers', [], []],
]
for (const [name, lines, base] of bases) {
  test(`without a Dockerfile the base is guessed: ${name}`, () => {
    const traced = trace({history: lines})
    expect(traced.base).toEqual(base)
    expect(traced.guessed).toBe(base.includes(true))
  })
}

const key = 'org.opencontainers.image.base.name'
const names: [name: string, given: Partial<Given>, base: Trace['baseImage']][] = [
  ['FROM', {given: own, labels: [[key, 'x']]}, {name: 'alpine:3.20', from: 'dockerfile'}],
  [
    'an annotation',
    {annotations: [[key, 'docker.io/library/alpine:3.20']], labels: [[key, 'x']]},
    {name: 'docker.io/library/alpine:3.20', from: 'annotation'},
  ],
  ['a label', {labels: [[key, 'x']]}, {name: 'x', from: 'label'}],
  ['the root file system', {}, {name: 'alpine:3.20.3', from: 'history'}],
  ['nothing', {history: [add]}, null],
]
for (const [name, given, base] of names) {
  test(`the base image is named by ${name}`, () => expect(trace({history, ...given}).baseImage).toEqual(base))
}
