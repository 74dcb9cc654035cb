import {expect, test} from 'vitest'
import {formatRatings, parseRatings, readSeverities} from '../../src/advisory/severities.js'
import type {Warning} from '../../src/model/warning.js'

const v2 = 'AV:N/AC:L/Au:N/C:P/I:P/A:P'
const v30 = 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'
const v31 = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N'
const v40 = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N'

function read(rows: readonly string[]): {ratings: string; warnings: Warning[]} {
  const warnings: Warning[] = []
  const text = `# cve\tversion\n${rows.map(row => `CVE-2020-1234\tv3\t${row.replace(' ', '\t')}\n`).join('')}`
  const found = readSeverities(
    text,
    new Set(['CVE-2020-1234']),
    () => 5,
    warning => warnings.push(warning),
  )
  return {
    ratings: (found.get('CVE-2020-1234') ?? []).map(({source, version}) => `${source} ${version}`).join(', '),
    warnings,
  }
}

test.each<[what: string, rows: string[], expected: string]>([
  ['3 before 4.0 before 2.0', [`${v2} nvd`, `${v40} nvd`, `${v31} redhat`], 'redhat 3.1, nvd 4.0, nvd 2.0'],
  [
    'sources in their order',
    [`${v31} redhat`, `${v30} cve5-adp`, `${v31}/E:X osv-git`],
    'cve5-adp 3.0, osv-git 3.1, redhat 3.1',
  ],
  ['one source with 3.0 and 3.1', [`${v30} nvd`, `${v31} nvd`], 'nvd 3.1, nvd 3.0'],
  ['one vector of several sources', [`${v31} redhat`, `${v31} osv-alpine`, `${v31} osv-debian`], 'osv-alpine 3.1'],
  ['a source that nobody ranked', [`${v31} new-one`, `${v30} redhat`], 'redhat 3.0, new-one 3.1'],
])('precedence: %s', (_what, rows, expected) => expect(read(rows)).toEqual({ratings: expected, warnings: []}))

test('a malformed vector is a warning, and the others count', () => {
  const {ratings, warnings} = read(['CVSS:3.1/AV:Q nvd', `${v31} redhat`, `${v30} Bad/Source`])
  expect(ratings).toBe('redhat 3.1')
  expect(warnings.map(({code}) => code)).toEqual(['CVSS_BAD_VECTOR', 'CVSS_BAD_VECTOR'])
})

test('ids that no advisory names are left out', () => {
  expect(
    readSeverities(
      `CVE-2020-9999\tv3.1\t${v31}\tnvd\n`,
      new Set(),
      () => 5,
      () => {},
    ),
  ).toEqual(new Map())
})

test('what is written is read back', () => {
  const ratings = [
    {version: '3.1', vector: v31, score: 7.5, source: 'nvd'},
    {version: '2.0', vector: v2, score: 10, source: 'redhat'},
  ] as const
  expect(parseRatings(formatRatings(ratings).split('\t'))).toEqual(ratings)
})

test.each([
  `11.0 nvd ${v31}`,
  `-1.0 nvd ${v31}`,
  `7 nvd ${v31}`,
  `NaN nvd ${v31}`,
  '7.5 nvd CVSS:3.1/AV:Q',
  `7.5 \u001b ${v31}`,
  '',
])('a damaged rating is none: %j', column => expect(parseRatings([column])).toEqual([]))
