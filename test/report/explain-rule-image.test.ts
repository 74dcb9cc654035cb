import {expect, test} from 'vitest'
import type {OriginAnswer} from '../../src/model/answer.js'
import type {Rule} from '../../src/model/rule.js'
import {explainImage, explainImageJSON} from '../../src/report/explain-image.js'
import {explainRuleForImage, explainRuleForImageJSON} from '../../src/report/explain-rule-image.js'
import {ruleByID, rules} from '../../src/rules/index.js'
import {elfFileOf, groundOf, packageOf, ratingOf} from '../support/facts.js'
import {terminalCommands} from '../support/piton.js'
import {findingOf, reportOf} from '../support/report.js'
import {hostileNames, reports} from '../support/reports.js'

const options = {color: false, width: 80}

function ruleOf(id: string): Rule {
  const rule = ruleByID(id)
  if (rule === undefined) throw new Error(`no ${id}`)
  return rule
}

const lacking = {verdict: 'no', evidence: 'ET_EXEC'} as const
const report = reportOf({
  packages: [packageOf({name: 'busybox', version: '1.36.1-r15'})],
  elfFiles: [
    elfFileOf({path: 'bin/busybox', layer: 0, package: 'busybox', hardening: {pie: lacking}}),
    elfFileOf({path: 'usr/bin/a'}),
    elfFileOf({path: 'usr/bin/b', hardening: {pie: {verdict: 'unknown', evidence: 'no program headers'}}}),
  ],
})

test('a rule names the files, the evidence, and what it could not tell', () => {
  const text = explainRuleForImage(ruleOf('PT2001'), report, options)
  expect(text).toMatch(/^PT2001 PositionIndependentExecutable: 1 finding for app:1\.2\n/)
  for (const part of [
    'In bin/busybox, layer 1, of package busybox',
    'Evidence: ET_EXEC',
    'The check behind it, of 3 ELF files: 1 yes, 1 no, 1 unknown, 0 not-applicable.',
    'unknown: usr/bin/b: no program headers',
  ]) {
    expect(text).toContain(part)
  }
})

test('JSON has every file that the check looked at', () => {
  expect(JSON.parse(explainRuleForImageJSON(ruleOf('PT2001'), report))).toMatchObject({
    schemaVersion: 1,
    rule: {id: 'PT2001'},
    findings: [{path: 'bin/busybox', evidence: 'ET_EXEC', packages: [{name: 'busybox'}], silencedBy: null}],
    checked: [
      {path: 'bin/busybox', package: 'busybox', verdict: 'no'},
      {path: 'usr/bin/a', verdict: 'yes'},
      {path: 'usr/bin/b', verdict: 'unknown', evidence: 'no program headers'},
    ],
  })
})

test('a rule that found nothing says what the absence means', () => {
  const text = explainRuleForImage(ruleOf('PT1001'), report, options)
  expect(text).toContain('PT1001 EndOfLifeRelease: not reported for app:1.2')
  expect(text).toContain('Alpine v3.19 gets fixes until 2025-11-01.')
})

test('of many findings the first are shown, and all are counted', () => {
  const elfFiles = Array.from({length: 60}, (_, n) => elfFileOf({path: `usr/bin/${n}`, hardening: {pie: lacking}}))
  const text = explainRuleForImage(ruleOf('PT2001'), reportOf({elfFiles}), options)
  expect(text).toContain('60 findings')
  expect(text).toContain('and 10 more; -o json has them all')
})

for (const [name, one] of reports) {
  test(`no rule's explanation lets a name of the target reach a terminal: ${name}`, () => {
    for (const rule of rules) {
      expect(explainRuleForImage(rule, one, options)).not.toMatch(terminalCommands)
      JSON.parse(explainRuleForImageJSON(rule, one))
    }
  })
}

test('nor does the explanation of a vulnerability', () => {
  for (const name of hostileNames) {
    const comparison = {installed: name, packages: [name], fixed: name, order: 'unknown', note: name} as const
    const ground = groundOf({
      branch: name,
      reason: name,
      repository: name,
      fixVersions: [name, name],
      comparisons: [comparison],
    })
    const statuses = ['reported', 'silenced', 'unchecked', 'unnamed', 'not-affected', 'fixed', 'not-installed'] as const
    const origins = statuses.map(
      (status): OriginAnswer => ({
        origin: name,
        status,
        packages: [packageOf({name, version: name})],
        grounds: [ground],
        elsewhere: [{branch: name, origin: name, repository: name, fixedVersion: name}],
        finding: findingOf({message: name, path: name, fix: {text: name, command: name}}),
      }),
    )
    const answer = {
      id: name,
      aliases: [name],
      status: 'unknown',
      rating: ratingOf(null),
      similar: [name],
      origins,
    } as const
    const one = reportOf({}, {target: {...report.target, name}})
    expect(explainImage([answer], one, options)).not.toMatch(terminalCommands)
    JSON.parse(explainImageJSON(name, [answer], one))
  }
})
