import {expect, test} from 'vitest'
import type {Why} from '../../src/model/why.js'
import {whyFormats} from '../../src/report/why.js'
import {packageOf} from '../support/facts.js'
import {terminalCommands} from '../support/piton.js'
import {findingOf, reportOf, targetOf} from '../support/report.js'
import {hostileNames} from '../support/reports.js'

const loaded = {command: ['nginx'], program: 'usr/sbin/nginx', files: ['usr/sbin/nginx'], packages: [], reason: null}

const usual: Why = {
  package: packageOf({name: 'libcrypto3', origin: 'openssl'}),
  foreignPackage: null,
  files: ['usr/lib/libcrypto.so.3'],
  world: null,
  chains: [
    [
      {package: 'nginx', as: null},
      {package: 'libcrypto3', as: 'so:libcrypto.so.3'},
    ],
  ],
  neededBy: [
    {package: 'nginx', as: 'so:libcrypto.so.3'},
    {package: 'libssl3', as: 'so:libcrypto.so.3'},
  ],
  installedFor: null,
  linkedBy: [
    {path: 'usr/sbin/nginx', package: 'nginx', library: 'usr/lib/libcrypto.so.3', direct: true},
    {path: 'usr/local/bin/app', package: null, library: 'usr/lib/libcrypto.so.3', direct: false},
  ],
  scripts: [],
  layer: {index: 1, diffID: null, createdBy: 'RUN /bin/sh -c apk add nginx', base: false},
  dockerfile: {
    file: 'Dockerfile',
    startLine: 2,
    startColumn: 1,
    endLine: 2,
    endColumn: 25,
    snippet: 'RUN apk add --no-cache nginx',
    confidence: 'exact',
    copiedFrom: null,
  },
  loaded: true,
  loadedThrough: ['usr/sbin/nginx', 'usr/lib/libcrypto.so.3'],
  findings: [findingOf()],
}

async function render(format: string, why: Partial<Why>, report = reportOf({loaded})): Promise<string> {
  const document = {asked: 'x', meant: 'package', whys: [{...usual, ...why}], report} as const
  return (await whyFormats.get(format)?.render(document, {color: false, width: 80})) ?? ''
}

test('why, as a table', async () => {
  expect(await render('table', {})).toBe(`libcrypto3 3.1.4-r2 (of openssl)

  because     nginx, which is asked for, needs it
  chain       nginx → libcrypto3 (so:libcrypto.so.3)
  needed by   nginx, libssl3
  linked by   usr/sbin/nginx (nginx), and 1 file through these or others
  brought by  layer 2 of 2, of your own: RUN /bin/sh -c apk add nginx
  line        Dockerfile:2: RUN apk add --no-cache nginx
  loaded      yes: usr/sbin/nginx → usr/lib/libcrypto.so.3
  files       usr/lib/libcrypto.so.3
  findings    1 finding: 1 high. CVE-2023-5678
`)
})

const rows: [name: string, why: Partial<Why>, row: string][] = [
  ['asked for', {world: 'curl=8'}, 'because     it is asked for: curl=8 in the world file'],
  [
    'for nothing',
    {chains: [], neededBy: []},
    'because     nothing: it is not in the world file, and no package needs it (apk',
  ],
  ['for others that nobody asked for', {chains: []}, 'because     other packages need it, of which none is asked for'],
  ['with others', {chains: [], installedFor: ['docs', 'zlib']}, 'comes with  docs, zlib'],
  ['of no package', {package: null, files: ['opt/app']}, 'opt/app (of no package)'],
  [
    'of a package of Debian',
    {package: null, foreignPackage: {name: 'bash', manager: 'dpkg'}, files: ['usr/bin/bash']},
    'usr/bin/bash (of bash)',
  ],
  [
    'which dpkg installed',
    {package: null, foreignPackage: {name: 'bash', manager: 'dpkg'}, files: ['usr/bin/bash']},
    'dpkg installed it with bash',
  ],
  [
    'not loaded',
    {loaded: false, loadedThrough: []},
    'loaded      no: usr/sbin/nginx, which the image starts, does not load it',
  ],
  ['by a package', {loadedThrough: []}, 'loaded      yes: usr/sbin/nginx, which the image starts, brings it in'],
  ['what is started', {loadedThrough: ['usr/sbin/nginx']}, 'loaded      yes: it is what the image starts'],
  ['of scripts', {scripts: ['a', 'b']}, 'started by  the first line of 2 scripts: a, b'],
  ['without findings', {findings: []}, 'findings    none'],
]
for (const [name, why, row] of rows) {
  test(`why: ${name}`, async () => expect(await render('table', why)).toContain(row))
}

test('why, for programs', async () => {
  const document = JSON.parse(await render('json', {}))
  expect(document).toMatchObject({schemaVersion: 1, asked: 'x', meant: 'package', target: {name: 'app:1.2'}})
  expect(Object.keys(document.whys[0])).toEqual([
    ...[
      'package',
      'foreignPackage',
      'files',
      'world',
      'chains',
      'neededBy',
      'installedFor',
      'linkedBy',
      'scripts',
      'layer',
      'dockerfile',
    ],
    ...['loaded', 'loadedThrough', 'findings'],
  ])
  expect(document.whys[0]).toMatchObject({
    package: {name: 'libcrypto3'},
    dockerfile: {line: 2},
    findings: [{severity: 'high'}],
  })
})

test('why shows what a name holds, and no terminal obeys it', async () => {
  for (const name of hostileNames) {
    const hostile: Partial<Why> = {
      package: packageOf({name, version: name, origin: name}),
      files: [name],
      world: name,
      chains: [
        [
          {package: name, as: null},
          {package: name, as: name},
        ],
      ],
      neededBy: [{package: name, as: name}],
      installedFor: [name],
      linkedBy: [{path: name, package: name, library: name, direct: true}],
      scripts: [name],
      layer: {index: 0, diffID: null, createdBy: name, base: null},
      dockerfile: usual.dockerfile && {...usual.dockerfile, snippet: name, file: name},
      loadedThrough: [name, name],
      findings: [findingOf({rule: name})],
    }
    const report = reportOf({loaded: {...loaded, program: name, reason: name}}, {target: targetOf({name})})
    for (const format of whyFormats.keys()) expect(await render(format, hostile, report)).not.toMatch(terminalCommands)
  }
})
