import {describe, expect, test} from 'vitest'
import type {Facts} from '../../src/model/facts.js'
import type {InstalledPackage} from '../../src/model/package.js'
import type {BaseImage} from '../../src/model/source-line.js'
import type {AdviceContext} from '../../src/policy/advice/situation.js'
import {adviseOn} from '../../src/policy/advice.js'
import {rules} from '../../src/rules/index.js'
import {runRules} from '../../src/rules/run.js'
import {alpine319, alpine321, elfFileOf, factsOf, hardeningOf, matchOf, packageOf, releaseOf} from '../support/facts.js'
import {findingOf} from '../support/report.js'

const newestRelease = releaseOf({version: '3.19.9'})
const openssl = [packageOf({name: 'libcrypto3', origin: 'openssl'}), packageOf({name: 'libssl3', origin: 'openssl'})]
const busybox = packageOf({name: 'busybox', version: '1.36.1-r15', layer: 1})

const fixes = [
  matchOf({packages: openssl}),
  matchOf({packages: openssl, fix: {id: 'CVE-2024-1'}}),
  matchOf({packages: [busybox], fix: {id: 'CVE-2024-2', origin: 'busybox', fixedVersion: '1.36.1-r16'}}),
]
const usual: Partial<Facts> = {release: newestRelease, packages: [...openssl, busybox], matches: fixes}

const layers = [
  {diffID: null, createdBy: null, base: true},
  {diffID: null, createdBy: null, base: false},
]

/** Findings as the rules make them of the facts, and the advice on them. */
function advice(overrides: Partial<Facts>, context: Partial<AdviceContext> = {}) {
  const facts = factsOf(overrides)
  const findings = runRules(rules, facts, {
    image: 'app',
    layers: context.layers?.map(({base}) => ({...layers[0], base, diffID: null, createdBy: null})) ?? [],
  })
  return adviseOn(findings, facts, {layers: [], base: null, upgrades: null, ...context})
}

describe('upgrades', () => {
  test('one command for all packages, each named once, in order', () => {
    expect(advice(usual)).toEqual([
      {
        command: 'apk add --upgrade busybox libcrypto3 libssl3',
        text: 'Fixes 3 findings: takes 3 packages to the newest version of the branch.',
        fixes: 3,
        atMost: false,
      },
    ])
  })

  test('with many packages, the shorter command that upgrades all, but for what the world file holds', () => {
    const packages = Array.from({length: 13}, (_, n) => packageOf({name: `p${n}`}))
    const matches = packages.map((one, n) => matchOf({packages: [one], fix: {id: `CVE-2024-${n}`, origin: one.origin}}))
    expect(advice({...usual, packages, matches})).toMatchObject([{command: 'apk upgrade', fixes: 13}])
    expect(advice({...usual, packages, matches, world: ['p1=3.1.4-r2', 'p2']})).toMatchObject([
      {command: 'apk upgrade', fixes: 12},
    ])
  })

  test('a name that is not safe to type is not in a command', () => {
    const odd = packageOf({name: 'a b;c'})
    expect(
      advice({...usual, packages: [odd], matches: [matchOf({packages: [odd], fix: {origin: odd.origin}})]}),
    ).toEqual([])
  })

  test('what the repositories do not have yet is not counted', () => {
    const upgrades = {
      indexDate: '2025-01-09',
      newest: ({name, version}: InstalledPackage) => (name === 'busybox' ? '1.36.1-r16' : version),
      stillOpen: (packages: readonly InstalledPackage[]) =>
        new Set([
          'CVE-2023-5678\0openssl',
          'CVE-2024-1\0openssl',
          ...(packages.some(({version}) => version === '1.36.1-r15') ? ['CVE-2024-2\0busybox'] : []),
        ]),
    }
    expect(advice(usual, {upgrades})).toMatchObject([{command: 'apk add --upgrade busybox', fixes: 1}])
    expect(advice(usual, {upgrades: {...upgrades, newest: ({version}) => version}})).toEqual([])
  })
})

describe('the base image', () => {
  const old = {...usual, release: releaseOf()}

  test('a newer patch release is suggested, with an honest upper bound from the first layer', () => {
    expect(advice(old)).toMatchObject([
      {command: 'apk add --upgrade busybox libcrypto3 libssl3', fixes: 3, atMost: false},
      {
        command: 'FROM alpine:3.19.9',
        text: expect.stringMatching(/^Fixes up to 2 findings: 3\.19\.9 is the newest v3\.19/),
        fixes: 2,
        atMost: true,
      },
    ])
  })

  test('where it is known whose the layers are, only your own packages are left to upgrade', () => {
    expect(advice(old, {layers})).toMatchObject([
      {command: 'FROM alpine:3.19.9', fixes: 2},
      {command: 'apk add --upgrade busybox', fixes: 1},
    ])
    expect(advice({...old, packages: openssl, matches: fixes.slice(0, 2)}, {layers})).toMatchObject([
      {command: 'FROM alpine:3.19.9'},
    ])
  })

  test('on the newest patch release all are left', () => {
    expect(advice(usual, {layers})).toMatchObject([{command: 'apk add --upgrade busybox libcrypto3 libssl3'}])
  })

  const bases: [name: string, command: string, text: string][] = [
    ['alpine:3.19.0', 'FROM alpine:3.19.9', ''],
    ['docker.io/library/alpine@sha256:00', 'FROM alpine:3.19.9', ''],
    ['node:20-alpine3.19', 'docker build --pull .', 'A newer build of node:20-alpine3.19 brings'],
    ['registry.example/alpine:3.19', 'docker build --pull .', 'A newer build of registry.example/alpine:3.19'],
    ['node@sha256:00', 'docker build --pull .', 'Its digest in FROM has to change'],
  ]
  for (const [name, command, text] of bases) {
    test(`of ${name}`, () => {
      const base: BaseImage = {name, from: 'dockerfile'}
      expect(advice(old, {layers, base})[0]).toMatchObject({command, text: expect.stringContaining(text), fixes: 2})
    })
  }

  test('after the end of life the newest supported release is suggested, and counted for what is certain', () => {
    expect(advice({...old, today: '2026-01-01'}, {layers})).toMatchObject([
      {command: 'apk add --upgrade busybox libcrypto3 libssl3', fixes: 3},
      {command: 'FROM alpine:3.21', fixes: 1},
    ])
    const base: BaseImage = {name: 'node:20-alpine3.19', from: 'history'}
    const [, move] = advice({...old, today: '2026-01-01'}, {base})
    expect(move?.text).toContain('node:20-alpine3.19 has to be built on it.')
  })

  const nothing: [name: string, facts: Partial<Facts>][] = [
    ['the newest patch release', {release: newestRelease}],
    ['a branch that is not known', {alpine: null}],
    ['edge', {release: releaseOf({version: '3.22.0_alpha20250108'}), alpine: null}],
    ['another branch than the table row', {release: releaseOf({version: '3.18.1'})}],
    ['every known release is at its end', {today: '2040-01-01', releases: [alpine319, alpine321]}],
  ]
  for (const [name, facts] of nothing) {
    test(`no FROM line: ${name}`, () => {
      const commands = advice({...old, ...facts}).map(({command}) => command)
      expect(commands).toEqual(['apk add --upgrade busybox libcrypto3 libssl3'])
    })
  }
})

describe('what nothing needs', () => {
  const loaded = {command: ['app'], program: 'app', files: [], packages: ['busybox', 'openssl'], reason: null}
  const build = packageOf({name: '.build-deps', version: '20240101.0', depends: ['gcc', 'zlib-dev']})
  const gcc = packageOf({name: 'gcc', depends: ['binutils']})
  const packages = [
    build,
    gcc,
    packageOf({name: 'binutils'}),
    packageOf({name: 'zlib-dev', depends: ['zlib']}),
    packageOf({name: 'zlib'}),
    packageOf({name: 'nginx', depends: ['zlib']}),
  ]
  const matches = ['binutils', 'zlib', 'gcc'].map((name, n) =>
    matchOf({packages: packages.filter(one => one.name === name), fix: {id: `CVE-2024-${n}`, origin: name}}),
  )
  const facts = {...usual, packages, matches, world: ['.build-deps=20240101.0', 'nginx'], loaded}
  const removal = (overrides: Partial<Facts>) =>
    advice({...facts, ...overrides}).filter(({command}) => command.startsWith('apk del'))

  test('what was there for a build, and what only that needs', () => {
    expect(removal({})).toEqual([
      {
        command: 'apk del .build-deps',
        text: 'Removes 2 findings: nothing needs it, and the image loads nothing of 4 packages that go.',
        fixes: 2,
        atMost: false,
      },
    ])
  })

  test('a package that nothing asks for', () => {
    expect(removal({world: ['.build-deps']})).toMatchObject([{command: 'apk del .build-deps nginx', fixes: 3}])
    expect(removal({packages: packages.slice(1), world: ['nginx', 'zlib-dev']})).toMatchObject([
      {command: 'apk del gcc', fixes: 2},
    ])
  })

  test('findings about files of what goes count too', () => {
    const hardening = hardeningOf({nx: {verdict: 'no', evidence: 'RWE'}})
    const elfFiles = [
      elfFileOf({path: 'usr/bin/ld', package: 'binutils', hardening}),
      elfFileOf({path: 'usr/sbin/nginx', package: 'nginx', hardening}),
    ]
    expect(removal({elfFiles})).toMatchObject([{command: 'apk del .build-deps', fixes: 3}])
  })

  const kept: [name: string, facts: Partial<Facts>][] = [
    ['nothing says what the image starts', {loaded: null}],
    ['not all that it starts can be followed', {loaded: {...loaded, reason: 'npm starts others'}}],
    ['something of it is loaded', {loaded: {...loaded, packages: ['binutils']}}],
    ['nothing is found in it', {matches: matches.filter(({fix}) => fix.origin === 'zlib')}],
    [
      'the world file asks for all',
      {world: packages.map(({name}) => name.replace(/^\./, '')), packages: packages.slice(1)},
    ],
    [
      'it comes with others',
      {packages: [packageOf({name: 'gcc', installIf: ['nginx']}), packages[5] ?? gcc], world: ['nginx']},
    ],
  ]
  for (const [name, overrides] of kept) test(`stays where ${name}`, () => expect(removal(overrides)).toEqual([]))

  test('stays where a program that stays is linked with it', () => {
    const library = elfFileOf({path: 'usr/lib/libbfd.so', package: 'binutils', type: 'shared'})
    const closure = ['opt/app', 'usr/lib/libbfd.so']
    const verdict = {...noVerdict, closure}
    expect(removal({elfFiles: [library, elfFileOf({path: 'opt/app', package: null, musl: verdict})]})).toEqual([])
    expect(removal({elfFiles: [library, elfFileOf({path: 'opt/app', package: 'gcc', musl: verdict})]})).toHaveLength(1)
  })
})

const noVerdict = {
  verdict: 'loads',
  reason: null,
  interpreter: null,
  missingLibraries: [],
  missingSymbols: [],
  lazySymbols: [],
  unsupportedRelocations: [],
  ignoredRunPaths: [],
  host: null,
  elsewhere: {libraries: new Set<string>(), symbols: new Set<string>()},
} as const

describe('what to build with', () => {
  const lacking = {verdict: 'no', evidence: 'x'} as const
  const bare = hardeningOf({pie: lacking, stackProtector: lacking, relro: {...lacking, value: 'none'}, nx: lacking})
  const built = (language: string, overrides = {}) =>
    advice({...usual, matches: [], elfFiles: [elfFileOf({path: 'app', language, hardening: bare, ...overrides})]})

  const commands: [language: string, command: string, fixes: number][] = [
    ['c', "export CFLAGS='-fPIE -fstack-protector-strong' LDFLAGS='-pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack'", 4],
    [
      'c++',
      "export CFLAGS='-fPIE -fstack-protector-strong' CXXFLAGS='-fPIE -fstack-protector-strong' LDFLAGS='-pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack'",
      4,
    ],
    [
      'go',
      `go build -buildmode=pie -ldflags='-linkmode=external -extldflags "-Wl,-z,relro,-z,now -Wl,-z,noexecstack"'`,
      3,
    ],
    [
      'rust',
      "RUSTFLAGS='-C relocation-model=pie -C link-arg=-Wl,-z,relro,-z,now -C link-arg=-Wl,-z,noexecstack' cargo build --release",
      3,
    ],
  ]
  for (const [language, command, fixed] of commands) {
    test(`in ${language}`, () => expect(built(language)).toMatchObject([{command, fixes: fixed, atMost: false}]))
  }

  test('only what is lacking is asked for', () => {
    expect(built('go', {hardening: hardeningOf({pie: lacking})})).toMatchObject([
      {command: 'go build -buildmode=pie', fixes: 1},
    ])
    expect(built('c', {hardening: hardeningOf({nx: lacking})})).toMatchObject([
      {command: "export LDFLAGS='-Wl,-z,noexecstack'"},
    ])
  })

  test('files of a package, and of a language without flags, are built by others', () => {
    expect(built('c', {package: 'libssl3'})).toEqual([])
    expect(built('ocaml')).toEqual([])
  })
})

test('what fixes most comes first, and of equals what is certain', () => {
  const only = {release: releaseOf(), packages: openssl, matches: fixes.slice(0, 2)}
  expect(advice(only).map(({command}) => command)).toEqual([
    'apk add --upgrade libcrypto3 libssl3',
    'FROM alpine:3.19.9',
  ])
})

test('findings that are not there are not fixed', () => {
  expect(adviseOn([findingOf({fix: {text: '', command: null}})], factsOf(usual))).toEqual([])
  expect(adviseOn([], factsOf(usual))).toEqual([])
})
