import {expect, test} from 'vitest'
import type {Finding} from '../../src/model/report.js'
import {compileGlob} from '../../src/policy/glob.js'
import {type Ignore, ignoreJudge} from '../../src/policy/ignore.js'
import type {JudgeContext} from '../../src/policy/judge.js'
import {contextOf} from '../support/policy.js'
import {findingOf} from '../support/report.js'

function ignoreOf({paths = [], ...overrides}: Partial<Omit<Ignore, 'paths'>> & {paths?: readonly string[]}): Ignore {
  return {
    rules: [],
    packages: [],
    paths: paths.map(compileGlob),
    names: [],
    images: [],
    reason: 'Not reachable.',
    expires: null,
    justification: null,
    from: '.piton.yaml:12',
    ...overrides,
  }
}

const cve = findingOf({
  rule: 'CVE-2024-6119',
  aliases: ['GHSA-aaaa-bbbb-cccc'],
  origin: 'openssl',
  packages: [
    {name: 'libcrypto3', version: '3.1.4-r2'},
    {name: 'libssl3', version: '3.1.4-r2'},
  ],
})
const musl = (overrides: Partial<Finding>): Finding =>
  findingOf({family: 'musl', origin: null, packages: [], path: 'opt/app/lib/x.so', ...overrides})
const library = musl({rule: 'PT3002', ruleID: 'PT3002', names: ['libfoo.so.1']})
const symbols = musl({rule: 'PT3003', ruleID: 'PT3003', names: ['__res_init', 'gnu_get_libc_version']})
const hardening = musl({rule: 'PT2001', ruleID: 'PT2001', family: 'hardening'})

const matching: [name: string, finding: Finding, entry: Parameters<typeof ignoreOf>[0]][] = [
  ['its id', cve, {rules: ['CVE-2024-6119']}],
  ['its id in small letters', cve, {rules: ['cve-2024-6119']}],
  ['an alias', cve, {rules: ['GHSA-AAAA-BBBB-CCCC']}],
  ['the id that code scanning shows', cve, {rules: ['CVE-2024-6119-openssl']}],
  ['one of several ids', cve, {rules: ['CVE-1', 'CVE-2024-6119']}],
  ['its rule', hardening, {rules: ['PT2001']}],
  ['its origin', cve, {packages: ['openssl']}],
  ['a package', cve, {packages: ['libssl3']}],
  ['a rule and a package', cve, {rules: ['CVE-2024-6119'], packages: ['libssl3']}],
  ['a path', hardening, {paths: ['opt/app/lib/x.so']}],
  ['a path with a slash', hardening, {paths: ['/opt/app/lib/x.so']}],
  ['a folder', hardening, {paths: ['opt/app/']}],
  ['a pattern', hardening, {paths: ['opt/**/*.so']}],
  ['a rule and a pattern', hardening, {rules: ['PT2001'], paths: ['opt/**/*.so']}],
  ['a library', library, {names: ['libfoo.so.1']}],
  ['all of its symbols', symbols, {rules: ['PT3003'], names: ['gnu_get_libc_version', '__res_init', 'other']}],
  ['the image', cve, {rules: ['CVE-2024-6119'], images: ['registry.example/team/app']}],
  ['the image and its tag', cve, {rules: ['CVE-2024-6119'], images: ['registry.example/team/app:1.2']}],
  ['a pattern of images', cve, {rules: ['CVE-2024-6119'], images: ['registry.example/team/*']}],
  ['one of several images', cve, {rules: ['CVE-2024-6119'], images: ['web', 'registry.example/team/app']}],
  ['the last day', cve, {rules: ['CVE-2024-6119'], expires: '2026-01-20'}],
]
for (const [name, finding, entry] of matching) {
  test(`an ignore that names ${name} matches`, () => {
    const {suppressions, warnings} = ignoreJudge([ignoreOf(entry)])([finding], contextOf())
    expect(warnings).toEqual([])
    expect(suppressions.get(finding)).toEqual({
      by: 'ignore',
      reason: 'Not reachable.',
      expires: entry.expires ?? null,
      justification: null,
      from: '.piton.yaml:12',
    })
  })
}

const unused: [name: string, finding: Finding, entry: Parameters<typeof ignoreOf>[0]][] = [
  ['another id', cve, {rules: ['CVE-2024-611']}],
  ['another package', cve, {rules: ['CVE-2024-6119'], packages: ['libressl']}],
  ['another path', hardening, {rules: ['PT2001'], paths: ['opt/app']}],
  ['one of two symbols', symbols, {names: ['__res_init']}],
  ['a symbol of a finding without any', cve, {rules: ['CVE-2024-6119'], names: ['x']}],
]
for (const [name, finding, entry] of unused) {
  test(`an ignore that names ${name} matches nothing, and says so`, () => {
    const {suppressions, warnings} = ignoreJudge([ignoreOf(entry)])([finding], contextOf())
    expect(suppressions.size).toBe(0)
    expect(warnings).toEqual([
      {code: 'IGNORE_UNUSED', message: expect.stringMatching(/^\.piton\.yaml:12: the ignore of .* matches no finding/)},
    ])
  })
}

const silent: [name: string, entry: Parameters<typeof ignoreOf>[0], context: Partial<JudgeContext>][] = [
  ['of another image', {rules: ['CVE-2024-6119'], images: ['web']}, {}],
  ['of a rule that was not asked', {rules: ['PT2004']}, {asked: new Set(['vulnerability'])}],
  ['of an advisory, where none was looked for', {rules: ['CVE-1']}, {asked: new Set(['PT2001'])}],
]
for (const [name, entry, context] of silent) {
  test(`an ignore ${name} neither matches nor warns`, () => {
    const {suppressions, warnings} = ignoreJudge([ignoreOf(entry)])([cve], contextOf(context))
    expect([suppressions.size, warnings]).toEqual([0, []])
  })
}

test('an ignore that is over counts no more, and says which findings that brings back', () => {
  const entry = ignoreOf({rules: ['CVE-2024-6119'], packages: ['openssl'], expires: '2026-01-19'})
  const {suppressions, warnings} = ignoreJudge([entry])([cve], contextOf())
  expect(suppressions.size).toBe(0)
  const message =
    '.piton.yaml:12: the ignore of CVE-2024-6119 in openssl expired on 2026-01-19; 1 finding counts again. Its reason was: Not reachable.'
  expect(warnings).toEqual([{code: 'IGNORE_EXPIRED', message}])
})

test('an ignore that is over and that nothing needs can go', () => {
  const {warnings} = ignoreJudge([ignoreOf({rules: ['CVE-1'], expires: '2020-01-01'})])([cve], contextOf())
  expect(warnings[0]?.message).toMatch(/expired on 2020-01-01; nothing needs it any more: remove it/)
})

test('where one ignore is over, another may still hold', () => {
  const list = [ignoreOf({rules: ['CVE-2024-6119'], expires: '2020-01-01'}), ignoreOf({packages: ['openssl']})]
  const {suppressions, warnings} = ignoreJudge(list)([cve], contextOf())
  expect(suppressions.size).toBe(1)
  expect(warnings.map(({message}) => message).join()).toMatch(/0 findings count again/)
})

test('an ignore that stands there twice is named', () => {
  const list = [ignoreOf({rules: ['CVE-2024-6119']}), ignoreOf({rules: ['cve-2024-6119'], from: '.piton.yaml:20'})]
  const {warnings} = ignoreJudge(list)([cve], contextOf())
  expect(warnings.map(({message}) => message)).toEqual([
    '.piton.yaml:20: the ignore of cve-2024-6119 says the same as the one in .piton.yaml:12: remove one',
  ])
})

test('an entry of a thousand ids and packages is found by what it names', () => {
  const many = (prefix: string) => Array.from({length: 1000}, (_, n) => `${prefix}${n}`)
  const entry = ignoreOf({rules: [...many('CVE-'), 'CVE-2024-6119'], packages: [...many('p'), 'libssl3']})
  expect(ignoreJudge([entry])([cve, hardening], contextOf()).suppressions.size).toBe(1)
})

test('a hundred thousand entries are not asked one by one', () => {
  const list = Array.from({length: 100_000}, (_, n) =>
    ignoreOf({rules: [n % 2 === 0 ? `CVE-2020-${n}` : 'PT2001'], paths: n % 2 === 0 ? [] : [`usr/lib/lib${n}.so`]}),
  )
  const findings = Array.from({length: 20_000}, (_, n) =>
    musl({rule: 'PT2001', ruleID: 'PT2001', family: 'hardening', path: `usr/lib/lib${n}.so`}),
  )
  const {suppressions, warnings} = ignoreJudge(list)(findings, contextOf())
  expect(suppressions.size).toBe(10_000)
  expect(warnings).toHaveLength(90_000)
})
