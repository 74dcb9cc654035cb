import {expect, test} from 'vitest'
import {clip, columnsOf, wrap} from '../../src/report/columns.js'
import {explainRule, explainVulnerability} from '../../src/report/explain.js'
import {codeBlock, markdownText} from '../../src/report/markdown.js'
import {rulesTable} from '../../src/report/rules-table.js'
import {safeJSON} from '../../src/report/safe-json.js'
import {ruleByID, rules} from '../../src/rules/index.js'
import {ratingOf} from '../support/facts.js'
import {hostileNames} from '../support/reports.js'

const options = {color: false, width: 80}

const columns: [text: string, columns: number][] = [
  ['', 0],
  ['abc', 3],
  ['é', 1],
  ['e\u0301', 1],
  ['日本', 4],
  ['한글', 4],
  ['ｆｕｌｌ', 8],
  ['😀', 2],
]
for (const [text, expected] of columns) {
  test(`${JSON.stringify(text)} takes ${expected} columns`, () => expect(columnsOf(text)).toBe(expected))
}

const clips: [text: string, columns: number, expected: string][] = [
  ['abcdef', 6, 'abcdef'],
  ['abcdef', 5, 'abcd…'],
  ['日本語', 6, '日本語'],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
  ['', 3, ''],
]
for (const [text, width, expected] of clips) {
  test(`${text} on ${width} columns`, () => expect(clip(text, width)).toBe(expected))
}

test('a letter with a thousand marks is cut', () => {
  expect(clip(`z${'\u0301'.repeat(10_000)}`, 10).length).toBeLessThan(50)
})

test('a word that is too long stays whole', () => {
  expect(wrap('see https://example.org/a/b now', 10)).toEqual(['see', 'https://example.org/a/b', 'now'])
})

const markdown: [text: string, expected: string][] = [
  ['a_b*c`d`', 'a\\_b\\*c\\`d\\`'],
  ['<b>&amp;', '\\<b\\>\\&amp;'],
  ['[x](https://y)', '\\[x\\](https\\://y)'],
  ['@someone #1 www.y.z', '\\@someone \\#1 www\\.y.z'],
  ['a\u202eb\n# c', 'a\\\\u\\{202e\\}b\\\\u\\{a\\}\\# c'],
  ['openssl 3.1.4-r2', 'openssl 3.1.4-r2'],
]
for (const [text, expected] of markdown) {
  test(`markdown takes ${JSON.stringify(text)} by its word`, () => expect(markdownText(text)).toBe(expected))
}

test('nothing ends a code block from inside', () => {
  expect(codeBlock('a ```` b\n```', 'sh')).toBe('`````sh\na ```` b\\u{a}```\n`````')
})

test('JSON is safe to print, and is read back as it was, but for half surrogate pairs', () => {
  for (const name of hostileNames) {
    const shown = name.replace(/[\u{d800}-\u{dfff}]/gu, half => `\\u{${half.charCodeAt(0).toString(16)}}`)
    expect(JSON.parse(safeJSON({name}))).toEqual({name: shown})
  }
  expect(safeJSON(['##[error]', '\u009b'])).toBe('[\n  "\\u0023#[error]",\n  "\\u009b"\n]\n')
})

test('piton rules lists every rule, none of them cut', () => {
  const text = rulesTable(rules, options)
  for (const {id, title} of rules) expect(text).toMatch(new RegExp(`${id} +${title}\n`))
})

test('piton explain says why a rule matters and how to fix it', () => {
  const rule = ruleByID('PT1001')
  const text = rule ? explainRule(rule, options) : ''
  expect(text).toMatch(/^PT1001 EndOfLifeRelease\n/)
  for (const words of ['severity  high', 'Why it matters', 'How to fix it', 'https://alpinelinux.org']) {
    expect(text).toContain(words)
  }
})

test('piton explain says where a vulnerability is fixed', () => {
  const text = explainVulnerability(
    {
      id: 'CVE-2024-6119',
      aliases: ['GHSA-1'],
      entries: [
        {branch: 'v3.20', origin: 'openssl', repository: 'main', fixedVersion: '3.3.2-r0'},
        {branch: 'v3.16', origin: 'openssl1.1-compat', repository: 'community', fixedVersion: null},
      ],
      rating: ratingOf(7.5, {epss: {score: 0.101, percentile: 0.9, date: '2024-10-15'}}),
    },
    {color: false, width: 120},
  )
  expect(text).toBe(`CVE-2024-6119

  also known as  GHSA-1
  CVSS 3.1       7.5 high, CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H, from nvd
  exploited      not in CISA's catalogue
  EPSS           10.1 % chance of being exploited within 30 days, as of 2024-10-15

  PACKAGE            BRANCH  REPOSITORY  FIXED IN
  openssl            v3.20   main        3.3.2-r0
  openssl1.1-compat  v3.16   community   not affected

Alpine's advisories list fixes only: a branch or package that is not named here may be affected and
not fixed.
`)
})

test('an unscored vulnerability that no branch has fixed', () => {
  const text = explainVulnerability({id: 'CVE-1', aliases: [], entries: [], rating: ratingOf(null)}, options)
  expect(text).toContain('unscored: no vector is known')
  expect(text).toContain('No package of Alpine is known to have it fixed.')
})
