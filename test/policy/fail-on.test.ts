import {expect, test} from 'vitest'
import {UsageError} from '../../src/model/errors.js'
import type {Finding} from '../../src/model/report.js'
import type {severities, Threshold} from '../../src/model/severity.js'
import {conditionWords, failOnExamples, failsOn, parseFailOn} from '../../src/policy/fail-on.js'
import {findingOf} from '../support/report.js'

const thresholds: [found: (typeof severities)[number], threshold: Threshold, fails: boolean][] = [
  ['critical', 'none', false],
  ['critical', 'critical', true],
  ['high', 'critical', false],
  ['high', 'high', true],
  ['low', 'medium', false],
  ['low', 'low', true],
  ['note', 'low', false],
]
for (const [severity, threshold, fails] of thresholds) {
  test(`--fail-on ${threshold} with a ${severity} finding`, () => {
    expect(failsOn([findingOf({severity})], threshold)).toBe(fails)
  })
}

const layer = (base: boolean | null): Partial<Finding> => ({layer: {index: 0, diffID: null, createdBy: null, base}})
const unfixable: Partial<Finding> = {fixedVersion: null, fix: {text: 'Ask its maintainer.', command: null}}

const expressions: [expression: string, finding: Partial<Finding>, fails: boolean][] = [
  ['high:loaded', {loaded: true}, true],
  ['high:loaded', {loaded: false}, false],
  // What cannot be told must not read as "fine".
  ['high:loaded', {loaded: null}, true],
  ['high:own', layer(false), true],
  ['high:own', layer(true), false],
  ['high:own', layer(null), true],
  ['high:own', {layer: null}, true],
  ['high:base', layer(true), true],
  ['high:base', layer(false), false],
  ['high:base', layer(null), true],
  ['high:kev', {kev: true}, true],
  ['high:kev', {kev: false}, false],
  ['high:fixable', {}, true],
  ['high:fixable', unfixable, false],
  ['high:fixable', {fixedVersion: null, fix: {text: '', command: 'apk add gcompat'}}, true],
  ['high:loaded:kev', {loaded: true, kev: true}, true],
  ['high:loaded:kev', {loaded: true, kev: false}, false],
  ['critical,medium:kev', {severity: 'medium', kev: true}, true],
  ['critical,medium:kev', {severity: 'high', kev: false}, false],
  ['critical,medium:kev', {severity: 'critical', kev: false}, true],
  [' high : loaded , low:kev ', {severity: 'low', kev: true}, true],
  ['none', {severity: 'critical'}, false],
]
for (const [expression, finding, fails] of expressions) {
  test(`--fail-on ${expression} with ${JSON.stringify(finding)}: ${fails}`, () => {
    expect(failsOn([findingOf(finding)], parseFailOn(expression))).toBe(fails)
  })
}

test('the five documented examples are what they say they are', () => {
  expect(failOnExamples).toHaveLength(5)
  for (const [expression] of failOnExamples) expect(() => parseFailOn(expression)).not.toThrow()
  const used = failOnExamples.flatMap(([expression]) => expression.split(/[:,]/))
  expect(used).toEqual(expect.arrayContaining(['loaded', 'own', 'fixable', 'kev']))
  expect(Object.keys(conditionWords)).toEqual(expect.arrayContaining(used.filter(word => word in conditionWords)))
})

const nonsense: [expression: string, marked: string, said: RegExp][] = [
  ['hihg', '^^^^', /"hihg" is no severity.*Did you mean high\?/],
  ['high:laoded', '     ^^^^^^', /"laoded" is no condition.*Did you mean loaded\?/],
  ['high,  critcal:kev', '       ^^^^^^^', /"critcal".*critical/],
  ['', '^', /a severity is missing.*none, low, medium, high, critical/],
  ['high,', '     ^', /a severity is missing/],
  ['high:', '     ^', /a condition is missing.*loaded, own, base, kev, fixable/],
  ['high::kev', '     ^', /a condition is missing/],
  ['loaded', '^^^^^^', /"loaded" is no severity/],
  ['high loaded', '^^^^^^^^^^^', /"high loaded" is no severity/],
  ['high:own:base', '         ^^^^', /both your own and of the base image.*high:own,high:base/],
  ['none:kev', '     ^^^', /takes no conditions/],
  ['high,none', '     ^^^^', /stands beside others/],
  ['note', '^^^^', /"note" is no severity/],
  ['high;critical', '^^^^^^^^^^^^^', /is no severity/],
  ['high:__proto__', '     ^^^^^^^^^', /is no condition/],
]
for (const [expression, mark, said] of nonsense) {
  test(`--fail-on ${JSON.stringify(expression)} is refused with a mark under the wrong word`, () => {
    const error = refusalOf(expression)
    expect(`${error.message}. ${error.hint}`).toMatch(said)
    const {line = '', column = 0, length = 0} = error.excerpt ?? {}
    expect(line).toBe(expression)
    expect(' '.repeat(column) + '^'.repeat(length)).toBe(mark)
  })
}

function refusalOf(expression: string): UsageError {
  try {
    parseFailOn(expression)
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
  throw new Error(`${expression} was taken`)
}
