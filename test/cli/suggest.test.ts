import {expect, test} from 'vitest'
import {cveForm, question, suggest} from '../../src/cli/suggest.js'

const known = [
  'PT1001',
  'PT2001',
  'PT2010',
  'EndOfLifeRelease',
  'StackProtector',
  'CVE-2024-6119',
  'CVE-2024-6129',
  'XSA-313',
]

test.each<[name: string, suggestions: string[]]>([
  ['PT201', ['PT2010', 'PT2001']],
  ['pt1001x', ['PT1001']],
  ['endoflife', ['EndOfLifeRelease']],
  ['StackProtecter', ['StackProtector']],
  ['CVE-2024-6118', ['CVE-2024-6119']],
  ['CVE-2024-6139', ['CVE-2024-6119', 'CVE-2024-6129']],
  ['xsa-31', ['XSA-313']],
  ['', []],
  ['x'.repeat(100_000), []],
  ['something else', []],
])('%j', (name, suggestions) => {
  expect(suggest(name, known)).toEqual(suggestions)
})

test.each([
  ['cve 2023 6129', 'CVE-2023-6129'],
  ['2023-06129', 'CVE-2023-6129'],
  ['CVE_2019_2426', 'CVE-2019-2426'],
  ['cve2023-612', 'CVE-2023-0612'],
  ['PT1001', null],
  ['CVE-2023', null],
])('%j is %j', (text, form) => {
  expect(cveForm(text)).toBe(form)
})

test('a question names them all', () => {
  expect([question([]), question(['a']), question(['a', 'b', 'c'])]).toEqual([
    null,
    'Did you mean a?',
    'Did you mean a, b or c?',
  ])
})
