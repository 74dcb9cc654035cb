import {expect, test} from 'vitest'
import {branchOf, compareBranches} from '../../src/advisory/branch.js'

test.each<[versionID: string, alpineRelease: string | null, branch: string | null]>([
  ['3.19.0', null, 'v3.19'],
  ['3.9.6', '3.9.6\n', 'v3.9'],
  ['3.19.0_rc1', null, 'v3.19'],
  ['v3.19', null, 'v3.19'],
  ['', '3.6.3\n', 'v3.6'],
  ['3.22.0_alpha20250108', null, 'edge'],
  ['3.19_alpha20230901', null, 'edge'],
  ['3.22.0', '3.22.0_alpha20250108', 'edge'],
  ['edge', null, 'edge'],
  ['', 'edge\n', 'edge'],
  ['', null, null],
  ['20230201', null, null],
  ['bookworm', null, null],
  ['3', null, null],
  [`3.${'9'.repeat(400)}`, null, null],
])('%j and %j: %s', (versionID, alpineRelease, branch) => expect(branchOf(versionID, alpineRelease)).toBe(branch))

test('branches sort by number, edge last', () => {
  expect(['edge', 'v3.10', 'v2.7', 'v3.9', 'v3.21'].sort(compareBranches)).toEqual([
    'v2.7',
    'v3.9',
    'v3.10',
    'v3.21',
    'edge',
  ])
  // Feeds without branches, as wolfi, stand after all of them.
  expect(['wolfi', 'edge', 'corp', 'v3.9'].sort(compareBranches)).toEqual(['v3.9', 'edge', 'corp', 'wolfi'])
})
