import {expect, test} from 'vitest'
import {answerWhy, type WhyContext} from '../../src/facts/why/index.js'
import {namesOf} from '../../src/facts/why/meaning.js'
import type {Facts, LoaderVerdict} from '../../src/model/facts.js'
import type {Why} from '../../src/model/why.js'
import {elfFileOf, factsOf, packageOf, scriptOf} from '../support/facts.js'
import {findingOf} from '../support/report.js'

/** The loader's verdict on a file that brings these in. */
function verdictOf({closure}: {readonly closure: readonly string[]}): LoaderVerdict {
  return {
    verdict: 'loads',
    reason: null,
    interpreter: null,
    missingLibraries: [],
    missingSymbols: [],
    lazySymbols: [],
    unsupportedRelocations: [],
    ignoredRunPaths: [],
    closure,
    host: null,
    elsewhere: {libraries: new Set(), symbols: new Set()},
  }
}

const owned = (...paths: string[]) => paths.map(path => ({path, checksum: null, owner: null}))

const packages = [
  packageOf({
    name: 'curl',
    depends: ['so:libcurl.so.4', 'so:libc.musl-x86_64.so.1'],
    layer: 1,
    files: owned('usr/bin/curl'),
  }),
  packageOf({
    name: 'libcurl',
    depends: ['so:libssl.so.3', 'so:libz.so.1'],
    provides: ['so:libcurl.so.4=4.8.0'],
    layer: 1,
  }),
  packageOf({name: 'wget', depends: ['so:libssl.so.3'], layer: 1}),
  packageOf({
    name: 'libssl3',
    origin: 'openssl',
    depends: ['so:libcrypto.so.3'],
    provides: ['so:libssl.so.3=3'],
    files: owned('usr/lib/libssl.so.3'),
  }),
  packageOf({name: 'libcrypto3', origin: 'openssl', provides: ['so:libcrypto.so.3=3']}),
  packageOf({name: 'zlib', provides: ['so:libz.so.1=1.3']}),
  packageOf({name: 'zlib-doc', installIf: ['docs', 'zlib=1.3-r0']}),
  packageOf({name: 'docs'}),
  packageOf({name: 'busybox', provides: ['cmd:sh=1', '/bin/sh'], files: owned('bin/busybox', 'bin/sh', 'usr/bin/env')}),
  packageOf({name: 'left', depends: ['!curl', 'gone']}),
]

const curl = elfFileOf({
  path: 'usr/bin/curl',
  package: 'curl',
  needed: ['libcurl.so.4'],
  musl: verdictOf({
    closure: ['usr/bin/curl', 'usr/lib/libcurl.so.4.8.0', 'usr/lib/libssl.so.3', 'usr/lib/libcrypto.so.3'],
  }),
})
const libcurl = elfFileOf({
  path: 'usr/lib/libcurl.so.4.8.0',
  soname: 'libcurl.so.4',
  type: 'shared',
  package: 'libcurl',
  needed: ['libssl.so.3'],
  musl: verdictOf({closure: ['usr/lib/libcurl.so.4.8.0', 'usr/lib/libssl.so.3', 'usr/lib/libcrypto.so.3']}),
})
const ssl = elfFileOf({
  path: 'usr/lib/libssl.so.3',
  soname: 'libssl.so.3',
  type: 'shared',
  package: 'libssl3',
  needed: ['libcrypto.so.3'],
})
const own = elfFileOf({path: 'opt/lib/libssl.so.3', soname: 'libssl.so.3', type: 'shared', package: null, layer: 2})
const elsewhere = elfFileOf({
  path: 'opt/app',
  package: null,
  needed: ['libssl.so.3'],
  musl: verdictOf({closure: ['opt/app', 'opt/lib/libssl.so.3']}),
})

const facts = factsOf({
  packages,
  world: ['curl=8.5.0-r0', 'wget', '!openssl', 'docs', 'gone'],
  elfFiles: [curl, libcurl, ssl, own, elsewhere],
  scripts: [
    scriptOf({path: 'start.sh', line: '/bin/sh -e', layer: 2}),
    scriptOf({path: 'run', line: '/usr/bin/env curl'}),
  ],
  loaded: {
    command: ['curl'],
    program: 'usr/bin/curl',
    files: ['usr/bin/curl', 'usr/lib/libcurl.so.4.8.0', 'usr/lib/libssl.so.3'],
    packages: ['curl', 'libcurl', 'libssl3', 'docs'],
    reason: null,
  },
})

const layers = [
  {diffID: null, createdBy: 'ADD alpine.tar.gz /', base: true, verified: true},
  {diffID: null, createdBy: 'RUN apk add curl wget', base: false, verified: true},
  {diffID: null, createdBy: 'COPY . /', base: false, verified: true},
]

function ask(name: string, about: Partial<Facts> = {}, more: Partial<WhyContext> = {}) {
  return answerWhy(name, {facts: {...facts, ...about}, findings: [], layers, locate: () => null, ...more})
}

function why(name: string, about: Partial<Facts> = {}): Why {
  const [first] = ask(name, about)?.whys ?? []
  if (first === undefined) throw new Error(name)
  return first
}

const chain = ({chains}: Why) =>
  chains.map(links => links.map(({package: name, as}) => (as === null ? name : `${name} (${as})`)).join(' > '))

test('a package that is asked for', () => {
  expect(why('curl')).toMatchObject({
    world: 'curl=8.5.0-r0',
    neededBy: [],
    installedFor: null,
    loadedThrough: ['usr/bin/curl'],
  })
  expect(chain(why('curl'))).toEqual(['curl'])
})

test('the shortest chains of dependencies', () => {
  expect(chain(why('libcrypto3'))).toEqual(['wget > libssl3 (so:libssl.so.3) > libcrypto3 (so:libcrypto.so.3)'])
  expect(chain(why('zlib'))).toEqual(['curl > libcurl (so:libcurl.so.4) > zlib (so:libz.so.1)'])
  expect(why('libcrypto3')).toMatchObject({world: null, neededBy: [{package: 'libssl3', as: 'so:libcrypto.so.3'}]})
})

test('a package that nothing needs, and one that comes with others', () => {
  expect(why('left')).toMatchObject({world: null, chains: [], neededBy: [], installedFor: null})
  expect(why('zlib-doc')).toMatchObject({chains: [], installedFor: ['docs', 'zlib']})
})

test('needing each other has an end', () => {
  const circle = [packageOf({name: 'a', depends: ['b']}), packageOf({name: 'b', depends: ['a', 'b']})]
  expect(why('a', {packages: circle, world: []}).chains).toEqual([])
})

test('who links a library, as the loader resolves it', () => {
  const linked = (name: string) => why(name).linkedBy.map(({path, direct}) => `${direct ? '' : '~'}${path}`)
  expect(linked('libssl3')).toEqual(['usr/lib/libcurl.so.4.8.0', '~usr/bin/curl'])
  expect(linked('/opt/lib/libssl.so.3')).toEqual(['opt/app'])
})

test('by their names alone where the loader was not asked', () => {
  const elfFiles = facts.elfFiles.map(file => ({...file, musl: null}))
  expect(why('usr/lib/libssl.so.3', {elfFiles}).linkedBy.map(({path}) => path)).toEqual([
    'opt/app',
    'usr/lib/libcurl.so.4.8.0',
  ])
})

const meanings: [asked: string, meant: string | null, things: (string | undefined)[]][] = [
  ['libssl3', 'package', ['libssl3']],
  ['libssl3=3.1.4-r2', 'package', ['libssl3']],
  ['libssl.so.3', 'library', ['libssl3', undefined]],
  ['so:libssl.so.3', 'library', ['libssl3', undefined]],
  ['libcurl.so.4', 'library', ['libcurl']],
  ['so:libz.so.1', 'package', ['zlib']],
  ['libz.so.1', 'package', ['zlib']],
  ['cmd:sh', 'package', ['busybox']],
  ['sh', 'package', ['busybox']],
  ['/bin/sh', 'file', ['busybox']],
  ['bin//sh', 'file', ['busybox']],
  ['/usr/bin/curl', 'file', ['curl']],
  ['app', 'file', [undefined]],
  ['start.sh', 'file', [undefined]],
  ['/start.sh', 'file', [undefined]],
  ['/usr/bin/wget', null, []],
  ['openssl', null, []],
]
for (const [asked, meant, things] of meanings) {
  test(`what is meant by ${asked}`, () => {
    const answer = ask(asked)
    expect([answer?.meant ?? null, answer?.whys.map(one => one.package?.name) ?? []]).toEqual([meant, things])
  })
}

test('scripts that it starts', () => {
  expect(why('busybox').scripts).toEqual(['start.sh', 'run'])
  expect(why('curl').scripts).toEqual(['run'])
  expect(why('libssl3').scripts).toEqual([])
})

test('whether it is loaded, and through what', () => {
  expect(why('libssl3')).toMatchObject({
    loaded: true,
    loadedThrough: ['usr/bin/curl', 'usr/lib/libcurl.so.4.8.0', 'usr/lib/libssl.so.3'],
  })
  expect(why('docs')).toMatchObject({loaded: true, loadedThrough: []})
  expect(why('wget').loaded).toBe(false)
  expect(why('/opt/app').loaded).toBe(false)
  const reason = 'npm starts what its own configuration names'
  expect(why('wget', {loaded: facts.loaded && {...facts.loaded, reason}}).loaded).toBeNull()
  expect(why('wget', {loaded: null}).loaded).toBeNull()
})

test('which layer and line brought it, and what is found in it', () => {
  const found = [
    findingOf({packages: [{name: 'libssl3', version: '3'}]}),
    findingOf({family: 'hardening', path: 'usr/bin/curl', packages: []}),
    findingOf({packages: [{name: 'zlib', version: '3'}]}),
  ]
  const asked: unknown[] = []
  const context = {
    findings: found,
    locate: (sought: unknown) => {
      asked.push(sought)
      return null
    },
  }
  expect(ask('curl', {}, context)?.whys).toMatchObject([{layer: {index: 1, base: false}, findings: [found[1]]}])
  expect(ask('libssl.so.3', {}, context)?.whys).toMatchObject([
    {layer: {index: 0}, findings: [found[0]]},
    {layer: {index: 2}, findings: []},
  ])
  expect(asked).toEqual([
    {layer: 1, package: 'curl'},
    {layer: 0, package: 'libssl3'},
    {layer: 2, package: null},
  ])
})

test('every name that has an answer can be suggested', () => {
  const names = [...namesOf(facts)]
  expect(names).toEqual(expect.arrayContaining(['curl', 'libssl.so.3', 'libcurl.so.4', 'start.sh', 'app']))
  for (const name of names) expect([name, ask(name)]).toEqual([name, expect.anything()])
})

test('a file that another package manager installed is not without an owner', () => {
  const bash = elfFileOf({path: 'usr/bin/bash', package: 'bash'})
  const distribution = {manager: 'dpkg', path: 'var/lib/dpkg/status', packages: []} as const
  const debian = {packages: [], elfFiles: [bash, own], distribution}
  expect(why('usr/bin/bash', debian)).toMatchObject({package: null, foreignPackage: {name: 'bash', manager: 'dpkg'}})
  expect(why('opt/lib/libssl.so.3', debian)).toMatchObject({package: null, foreignPackage: null})
})
