import {expect, test} from 'vitest'
import {type Evidence, evidenceOf, KnownVersions} from '../../src/facts/version-evidence.js'

interface Known {
  readonly fixes?: readonly string[]
  readonly index?: readonly string[]
}

function known({fixes = [], index = []}: Known) {
  return new KnownVersions(index, fixes)
}

const cases: [what: string, version: string, own: Known, other: Known, evidence: Evidence | null][] = [
  ['nothing is known of either', '1.0-r0', {}, {}, null],
  ['only the own branch has it', '1.0-r0', {fixes: ['0.9-r0']}, {}, null],
  ['the own index has exactly it', '3.3.0-r0', {index: ['3.3.0-r0']}, {index: ['3.3.0-r0']}, null],
  ['the other index has exactly it', '3.1.4-r9', {fixes: ['3.1.7-r0']}, {index: ['3.1.4-r9']}, 'held'],
  ['only the other branch names it', '1.11.0-r0', {}, {fixes: ['1.12.2-r0']}, 'unnamed'],
  ['older than what the own branch had', '3.1.4-r2', {fixes: ['3.1.7-r0']}, {fixes: ['3.3.0-r1']}, null],
  ['a later revision', '3.1.7-r9', {fixes: ['3.1.7-r0']}, {fixes: ['3.1.7-r1', '3.3.0-r1']}, null],
  ['a later point release of the series', '3.1.8-r0', {fixes: ['3.1.7-r0']}, {fixes: ['3.3.0-r1']}, null],
  ['one in a series that the other went on with', '1.1.21-r0', {fixes: ['1.1.20-r5']}, {fixes: ['1.1.23-r2']}, 'newer'],
  ['one that the other has', '1.2.5-r0', {fixes: ['1.2.4_git20230717-r5']}, {fixes: ['1.2.5-r9']}, 'newer'],
  ['another series', '3.3.0-r0', {fixes: ['3.1.7-r0', '1.1.1t-r0']}, {fixes: ['3.3.2-r1']}, 'newer'],
  ['past some of the own versions only', '3.2.0-r0', {fixes: ['3.1.7-r0', '3.3.0-r0']}, {fixes: ['3.3.2-r1']}, null],
  ['a new series that neither is known to have had', '1.3.1-r0', {fixes: ['1.2.12-r2']}, {fixes: ['1.2.12-r2']}, null],
  ['a version that is none', 'next', {fixes: ['3.1.7-r0']}, {fixes: ['3.3.2-r1']}, null],
]
for (const [what, version, own, other, evidence] of cases) {
  test(`${version} ${evidence === null ? 'may be of the own branch' : 'comes from the other'}: ${what}`, () => {
    expect(evidenceOf(version, known(own), known(other))).toBe(evidence)
  })
}
