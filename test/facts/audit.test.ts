import {expect, test} from 'vitest'
import {type AuditParts, auditMove} from '../../src/facts/audit.js'
import type {FileMove} from '../../src/model/audit.js'
import type {LoaderVerdict} from '../../src/model/facts.js'
import type {MissingLibrary, MissingSymbol} from '../../src/model/musl.js'
import {elfFileOf} from '../support/facts.js'

function verdictOf(overrides: Partial<LoaderVerdict> = {}): LoaderVerdict {
  return {
    verdict: 'loads',
    reason: null,
    interpreter: null,
    missingLibraries: [],
    missingSymbols: [],
    lazySymbols: [],
    unsupportedRelocations: [],
    closure: ['app/x.so'],
    ignoredRunPaths: [],
    host: null,
    elsewhere: {libraries: new Set(), symbols: new Set()},
    ...overrides,
  }
}

const library = (name: string): MissingLibrary => ({name, neededBy: 'app/x.so', failure: 'missing', found: null})
const symbol = (name: string, explainedBy: string | null = null): MissingSymbol => {
  return {name, requiredBy: 'app/x.so', version: null, glibc: explainedBy === null, explainedBy}
}

const parts: Omit<AuditParts, 'files'> = {
  alpine: {branch: 'v3.21', musl: '1.2.5'},
  gcompat: false,
  withGcompat: null,
  providers: soname => (soname === 'libssl.so.3' ? ['libssl3', 'libssl3-other'] : []),
  packageListDate: '2026-01-01',
}

const gcompatLoads = new Map([['app/x.so', verdictOf()]])
const cases: [name: string, verdict: LoaderVerdict, more: Partial<AuditParts>, move: Partial<FileMove> | null][] = [
  ['a file that loads', verdictOf(), {}, {outcome: 'runs', packages: [], blockers: []}],
  ['a static program', verdictOf({verdict: 'static'}), {}, {outcome: 'runs'}],
  ['a damaged file', verdictOf({verdict: 'not_loadable'}), {}, null],
  [
    "the runtime of C++ from Alpine's packages",
    verdictOf({closure: ['app/x.so', 'usr/lib/libstdc++.so.6']}),
    {},
    {outcome: 'packages', packages: ['libstdc++']},
  ],
  [
    'a library that a package brings, and its symbols',
    verdictOf({
      verdict: 'missing_library',
      missingLibraries: [library('libssl.so.3')],
      missingSymbols: [symbol('SSL_new', 'libssl.so.3')],
    }),
    {},
    {outcome: 'packages', packages: ['libssl3']},
  ],
  [
    'a library that no package brings',
    verdictOf({verdict: 'missing_library', missingLibraries: [library('libown.so.1')]}),
    {},
    {outcome: 'rebuild', blockers: ['library libown.so.1']},
  ],
  [
    'a symbol of glibc',
    verdictOf({verdict: 'symbol_not_found', missingSymbols: [symbol('__res_init')]}),
    {},
    {outcome: 'rebuild', blockers: ['symbol __res_init']},
  ],
  [
    'the same where gcompat has it',
    verdictOf({verdict: 'symbol_not_found', missingSymbols: [symbol('__res_init')]}),
    {withGcompat: gcompatLoads},
    {outcome: 'gcompat', packages: ['gcompat'], blockers: []},
  ],
  [
    'the same where gcompat only lets it open',
    verdictOf({verdict: 'symbol_not_found', missingSymbols: [symbol('__res_init')]}),
    {withGcompat: new Map([['app/x.so', verdictOf({lazySymbols: [symbol('__res_init')]})]])},
    {outcome: 'rebuild'},
  ],
  ['a plugin that opens', verdictOf({lazySymbols: [symbol('mallinfo')]}), {}, {outcome: 'crashes'}],
  [
    'a package with the name of a glibc library is no answer',
    verdictOf({verdict: 'missing_library', missingLibraries: [library('ld-linux-x86-64.so.2')]}),
    {providers: () => ['gcompat']},
    {outcome: 'rebuild', blockers: ['library ld-linux-x86-64.so.2']},
  ],
]

for (const [name, musl, more, move] of cases) {
  test(`audit: ${name}`, () => {
    const {files} = auditMove({...parts, ...more, files: [elfFileOf({path: 'app/x.so', musl})]})
    expect(files).toEqual(move === null ? [] : [expect.objectContaining(move)])
  })
}

test('packages are those that files of the target itself need', () => {
  const needs = verdictOf({verdict: 'missing_library', missingLibraries: [library('libssl.so.3')]})
  const theirs = elfFileOf({path: 'usr/bin/theirs', package: 'openssl', musl: needs})
  const own = elfFileOf({path: 'app/own', package: null, musl: verdictOf({closure: ['usr/lib/libgcc_s.so.1']})})
  const audit = auditMove({...parts, files: [theirs, own]})
  expect(audit.packages).toEqual(['libgcc'])
  expect(audit.files.map(({path, isDistribution}) => [path, isDistribution])).toEqual([
    ['app/own', false],
    ['usr/bin/theirs', true],
  ])
})

test('hard links are one file', () => {
  const file = elfFileOf({path: 'app/build/x.node', musl: verdictOf()})
  const link = elfFileOf({path: 'app/build/obj/x.node', musl: verdictOf(), sameAs: 'app/build/x.node'})
  expect(auditMove({...parts, files: [file, link]}).files.map(({path}) => path)).toEqual(['app/build/x.node'])
})
