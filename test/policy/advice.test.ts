import {expect, test} from 'vitest'
import {adviseOn} from '../../src/policy/advice.js'
import {alpine319, alpine321, factsOf, releaseOf} from '../support/facts.js'
import {findingOf} from '../support/report.js'

const newest = factsOf({release: releaseOf({version: '3.19.9'})})

function upgradeOf(...names: string[]) {
  return findingOf({fix: {text: '', command: `apk add --upgrade ${names.join(' ')}`}})
}

test('one command for all packages, each named once, in order', () => {
  const findings = [upgradeOf('libssl3', 'libcrypto3'), upgradeOf('busybox'), upgradeOf('busybox')]
  expect(adviseOn(findings, newest)).toEqual([
    {
      command: 'apk add --upgrade busybox libcrypto3 libssl3',
      text: 'Fixes 3 findings: takes 3 packages to the newest version of the branch.',
      fixes: 3,
    },
  ])
})

test('with many packages, the shorter command that upgrades all', () => {
  const findings = Array.from({length: 13}, (_, n) => upgradeOf(`p${n}`))
  expect(adviseOn(findings, newest)).toMatchObject([{command: 'apk upgrade', fixes: 13}])
})

test('a finding without a safe command is not counted', () => {
  expect(adviseOn([findingOf({fix: {text: '', command: null}})], newest)).toEqual([])
})

test('a newer patch release is suggested, with an honest upper bound from the first layer', () => {
  const later = findingOf({layer: {index: 1, diffID: null, createdBy: null, base: null}})
  expect(adviseOn([upgradeOf('libssl3'), later], factsOf())).toMatchObject([
    {command: 'apk add --upgrade libssl3', fixes: 2},
    {command: 'FROM alpine:3.19.9', text: expect.stringMatching(/^Fixes up to 1 finding:/), fixes: 1},
  ])
})

test('after the end of life the newest supported release is suggested, and counted for what is certain', () => {
  const findings = [upgradeOf('libssl3'), upgradeOf('busybox'), findingOf({ruleID: 'PT1001', family: 'image'})]
  expect(adviseOn(findings, factsOf({today: '2026-01-01'}))).toMatchObject([
    {command: 'apk add --upgrade busybox libssl3', fixes: 2},
    {command: 'FROM alpine:3.21', fixes: 1},
  ])
})

const nothing: [name: string, facts: Parameters<typeof factsOf>[0]][] = [
  ['the newest patch release', {release: releaseOf({version: '3.19.9'})}],
  ['a branch that is not known', {alpine: null}],
  ['edge', {release: releaseOf({version: '3.22.0_alpha20250108'}), alpine: null}],
  ['another branch than the table row', {release: releaseOf({version: '3.18.1'})}],
  ['every known release is at its end', {today: '2040-01-01', releases: [alpine319, alpine321]}],
]
for (const [name, facts] of nothing) {
  test(`no FROM line: ${name}`, () => {
    expect(adviseOn([findingOf()], factsOf(facts)).map(({command}) => command)).toEqual(['apk add --upgrade libssl3'])
  })
}
