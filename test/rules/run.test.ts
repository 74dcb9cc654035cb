import {expect, test} from 'vitest'
import type {Facts} from '../../src/model/facts.js'
import type {Finding} from '../../src/model/report.js'
import {ruleByID, rules} from '../../src/rules/index.js'
import {runRules} from '../../src/rules/run.js'
import {elfFileOf, factsOf, matchOf, packageOf, ratingOf} from '../support/facts.js'

const layers = [{diffID: null, createdBy: 'ADD rootfs.tar.gz /', base: null}]

function findings(facts: Partial<Facts>, image: string | null = 'app:1.2'): Finding[] {
  return runRules(rules, factsOf(facts), {image, layers})
}

function fingerprint(facts: Partial<Facts>, image?: string): string | undefined {
  return findings(facts, image)[0]?.fingerprint
}

const usual = {matches: [matchOf()]}

const sameProblem: [name: string, facts: Partial<Facts>, image?: string][] = [
  ['another tag', usual, 'app:1.3'],
  ['a digest', usual, `app@sha256:${'a'.repeat(64)}`],
  ['another installed version', {matches: [matchOf({packages: [packageOf({version: '3.1.4-r1'})]})]}],
  ['another line and layer', {matches: [matchOf({packages: [packageOf({line: 99, layer: 1})]})]}],
  ['another fixed version', {matches: [matchOf({fix: {fixedVersion: '3.1.4-r9'}})]}],
]
for (const [name, facts, image] of sameProblem) {
  test(`the fingerprint stays: ${name}`, () => expect(fingerprint(facts, image)).toBe(fingerprint(usual)))
}

const otherProblem: [name: string, facts: Partial<Facts>, image?: string][] = [
  ['another advisory', {matches: [matchOf({fix: {id: 'CVE-2023-9999'}})]}],
  ['another origin', {matches: [matchOf({fix: {origin: 'libressl'}})]}],
  ['another image', usual, 'team/app:1.2'],
  ['the port of a registry is not a tag', usual, 'localhost:5000/app'],
]
for (const [name, facts, image] of otherProblem) {
  test(`the fingerprint differs: ${name}`, () => expect(fingerprint(facts, image)).not.toBe(fingerprint(usual)))
}

test('a fingerprint is 16 hexadecimal digits and a number; twins count up', () => {
  const [first, second] = findings({matches: [matchOf(), matchOf()]})
  expect(first?.fingerprint).toMatch(/^[0-9a-f]{16}:1$/)
  expect(second?.fingerprint).toBe(first?.fingerprint.replace(/:1$/, ':2'))
})

test('worst first: severity, score, known exploited, id, origin or path', () => {
  const order: Parameters<typeof matchOf>[0][] = [
    {fix: {id: 'CVE-6'}, score: null},
    {fix: {id: 'CVE-4', origin: 'b'}, score: 7.5},
    {fix: {id: 'CVE-4', origin: 'a'}, score: 7.5},
    {fix: {id: 'CVE-3'}, score: 7.5},
    {fix: {id: 'CVE-5'}, rating: ratingOf(7.5, {kev: true})},
    {fix: {id: 'CVE-2'}, score: 9.8},
  ].map(({score, ...match}) => ({...match, ...(score !== undefined && {rating: ratingOf(score)})}))
  const files = [packageOf({files: [{path: 'x', checksum: null, owner: null}]})]
  const found = findings({matches: order.map(matchOf), packages: files, elfFiles: [elfFileOf()]})
  expect(found.map(({rule, origin, path}) => `${rule} ${origin ?? path}`)).toEqual([
    'CVE-2 openssl',
    'CVE-5 openssl',
    'CVE-3 openssl',
    'CVE-4 a',
    'CVE-4 b',
    'CVE-6 openssl',
    'PT1007 usr/local/bin/app',
  ])
})

test('a finding says which layer it is in', () => {
  expect(findings(usual)[0]?.layer).toEqual({index: 0, diffID: null, createdBy: 'ADD rootfs.tar.gz /', base: null})
})

for (const id of ['PT1001', 'pt1001', 'EndOfLifeRelease']) {
  test(`ruleByID finds ${id}`, () => expect(ruleByID(id)?.id).toBe('PT1001'))
}
test('ruleByID does not know what is not there', () => expect(ruleByID('PT9999')).toBeUndefined())

test('ids and names are unique, and fit where GitHub shows them', () => {
  expect(new Set(rules.map(({id}) => id)).size).toBe(rules.length)
  expect(new Set(rules.map(({name}) => name)).size).toBe(rules.length)
  for (const {id, name, help} of rules) {
    expect(name, id).toMatch(/^[A-Z][A-Za-z]{2,60}$/)
    expect(help.why.length, id).toBeLessThan(1024)
    expect(help.links.length, id).toBeGreaterThan(0)
  }
})
