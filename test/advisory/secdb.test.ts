import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {parseSecdb} from '../../src/advisory/secdb.js'
import {PitonError} from '../../src/model/errors.js'
import type {Warning} from '../../src/model/warning.js'

function parse(document: unknown): {entries: string[]; warnings: Warning[]} {
  const warnings: Warning[] = []
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  const {entries} = parseSecdb(text, 'secdb/v3.19/main.json', warning => warnings.push(warning))
  return {
    entries: entries.map(({origin, fixedVersion, id, aliases}) => [origin, fixedVersion, id, ...aliases].join(' ')),
    warnings,
  }
}

const withPackages = (packages: unknown) => ({distroversion: 'v3.19', reponame: 'main', packages})
const withFixes = (secfixes: unknown) => withPackages([{pkg: {name: 'xen', secfixes}}])

test('branch, repository, entries', () => {
  const document = {
    ...withFixes({'4.8-r1': ['CVE-2016-9932 XSA-200'], '0': ['CVE-2022-1', 'CVE-2022-1234']}),
    archs: ['x86'],
  }
  expect(parseSecdb(JSON.stringify(document), 'x', () => {})).toEqual({
    branch: 'v3.19',
    repository: 'main',
    entries: [
      {origin: 'xen', fixedVersion: null, id: 'CVE-2022-1', aliases: []},
      {origin: 'xen', fixedVersion: null, id: 'CVE-2022-1234', aliases: []},
      {origin: 'xen', fixedVersion: '4.8-r1', id: 'CVE-2016-9932', aliases: ['XSA-200']},
    ],
  })
})

test('a feed of one branch has no distroversion', () => {
  expect(parseSecdb('{"reponame": "os", "packages": []}', 'x', () => {}).branch).toBeNull()
})

describe('what may be empty', () => {
  test.each([[[]], [{}], [null]])('packages: %j', packages => {
    expect(parse(withPackages(packages))).toEqual({entries: [], warnings: []})
  })
  test.each([[{}], [null], [[]]])('secfixes: %j', secfixes => {
    expect(parse(withFixes(secfixes))).toEqual({entries: [], warnings: []})
  })
  test.each([[[]], [{}], [null]])('ids: %j', ids => {
    expect(parse(withFixes({'1-r0': ids, '2-r0': ['CVE-2020-1234']}))).toEqual({
      entries: ['xen 2-r0 CVE-2020-1234'],
      warnings: [],
    })
  })
})

describe('what is left out, and named', () => {
  test.each<[what: string, packages: unknown, named: string]>([
    ['a package that is none', ['x'], 'package 0 has no name'],
    ['no name', [{pkg: {secfixes: {}}}], 'package 0 has no name'],
    ['a name with a tab', [{pkg: {name: 'a\tb', secfixes: {}}}], 'package 0 has no name'],
    ['secfixes that are a list', [{pkg: {name: 'xen', secfixes: ['x']}}], '(xen) has no object of secfixes'],
    [
      'ids that are text',
      [{pkg: {name: 'xen', secfixes: {'1-r0': 'CVE-1'}}}],
      'no list of ids under a version: "1-r0"',
    ],
    ['a version with a blank', [{pkg: {name: 'xen', secfixes: {'1 r0': ['CVE-1']}}}], '"1 r0"'],
    ['an id that is a number', [{pkg: {name: 'xen', secfixes: {'1-r0': [1]}}}], '(xen) has a blank id under 1-r0'],
    ['a blank id', [{pkg: {name: 'xen', secfixes: {'1-r0': [' ']}}}], '(xen) has a blank id under 1-r0'],
  ])('%s', (_what, packages, named) => {
    const {entries, warnings} = parse(
      withPackages([...(packages as unknown[]), {pkg: {name: 'a', secfixes: {'1': ['CVE-2020-1234']}}}]),
    )
    expect(entries).toEqual(['a 1 CVE-2020-1234'])
    expect(warnings).toEqual([{code: 'SECDB_BAD_ENTRY', message: expect.stringContaining(named)}])
    expect(warnings[0]?.message).toContain('secdb/v3.19/main.json')
  })
})

test.each<[what: string, document: unknown, why: string]>([
  ['HTML', '<html>', 'not JSON'],
  ['a list', [], 'not a JSON object'],
  ['null', 'null', 'not a JSON object'],
  ['no reponame', {packages: []}, 'reponame'],
  ['packages as text', {reponame: 'main', packages: 'x'}, 'packages is not a list'],
])('refuses %s', (_what, document, why) => {
  expect(() => parse(document)).toThrow(
    expect.objectContaining({code: 'DATABASE_FEED', message: expect.stringContaining(why)}),
  )
})

test('names of every object are names', () => {
  const text =
    '{"reponame": "main", "packages": [{"pkg": {"name": "__proto__", "secfixes": {"__proto__": ["CVE-2020-1234"]}}}]}'
  expect(parse(text).entries).toEqual(['__proto__ __proto__ CVE-2020-1234'])
})

test('any JSON: entries and warnings, or a PitonError', () => {
  const packages = fc.oneof(
    fc.array(fc.record({pkg: fc.oneof(fc.jsonValue(), fc.record({name: fc.string(), secfixes: fc.jsonValue()}))})),
    fc.jsonValue(),
  )
  const text = fc.oneof(
    fc.string(),
    fc.record({reponame: fc.constant('main'), packages}).map(value => JSON.stringify(value)),
  )
  fc.assert(
    fc.property(text, document => {
      try {
        const {entries, warnings} = parse(document)
        expect(entries.length + warnings.length).toBeLessThanOrEqual(document.length)
      } catch (error) {
        expect(error).toBeInstanceOf(PitonError)
      }
    }),
  )
})
