import {groupBy} from '../model/group.js'
import type {Finding, Report, Reporter} from '../model/report.js'
import {count, shorten} from '../model/text.js'
import {aboutOf, titleOf} from './about.js'
import {quiet} from './log.js'
import {noticeOf} from './notice.js'
import {type Problem, packageNames, placeOf, problemsOf, remedyOf} from './problems.js'
import {summaryOf} from './summary.js'
import {warningText} from './warning-text.js'
import {element} from './xml.js'

/** Places of one problem that are listed, and the length of a name: all of it is in the JSON report. */
const placesShown = 100
const nameLength = 255

/** A test case and what became of it. */
interface TestCase {
  readonly name: string
  readonly classname: string
  readonly outcome: 'passed' | 'failure' | 'skipped'
  readonly message: string
  readonly text: readonly string[]
}

/**
 * For CI systems that show tests: a suite for each family, a failed test for each problem. A note fails nothing, so it is
 * a skipped test. The first suite says whether everything could be looked at, so that no report is without a test.
 */
export const junit: Reporter = {
  name: 'junit',
  description: 'for CI systems that show test results',
  render(report) {
    const problems = groupBy(problemsOf(report.findings), ({first}) => first.family)
    const suites = [
      {name: 'scan', cases: [scanCase(report)]},
      ...[...problems].map(([family, found]) => ({name: family, cases: found.map(problemCase)})),
    ]
    const all = suites.flatMap(({cases}) => cases)
    const children = suites.map(({name, cases}, index) =>
      element(
        'testsuite',
        {name, ...totals(cases)},
        {
          children: [
            ...(index === 0 ? [propertiesOf(report)] : []),
            ...cases.map(caseElement),
            ...(index === 0 ? [element('system-out', {}, {text: outputOf(report)})] : []),
          ],
        },
      ),
    )
    const root = element('testsuites', {name: `piton: ${titleOf(report)}`, ...totals(all)}, {children})
    return quiet(`<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`)
  },
}

function totals(cases: readonly TestCase[]) {
  const number = (wanted: TestCase['outcome']) => cases.filter(({outcome}) => outcome === wanted).length
  return {tests: cases.length, failures: number('failure'), errors: 0, skipped: number('skipped')}
}

function caseElement({name, classname, outcome, message, text}: TestCase): string {
  const attributes = {classname: `piton.${classname}`, name: shorten(name, nameLength)}
  if (outcome === 'passed') return element('testcase', attributes)
  return element('testcase', attributes, {
    children: [element(outcome, {message, ...(outcome === 'failure' && {type: classname})}, {text})],
  })
}

function scanCase({complete, warnings}: Report): TestCase {
  return {
    name: 'everything could be looked at',
    classname: 'scan',
    outcome: complete ? 'passed' : 'failure',
    message: 'The scan is incomplete: what it could not look at may hold more findings.',
    text: warnings.map(warning => `${warning.code}: ${warningText(warning)}`),
  }
}

function problemCase({first, findings}: Problem): TestCase {
  const {rule, title, family, severity, message} = first
  const name = family === 'vulnerability' ? title : `${rule} ${title}: ${subjectOf(first)}`
  return {
    name: `${name} (${severity})`,
    classname: family,
    outcome: severity === 'note' ? 'skipped' : 'failure',
    message: findings.length === 1 ? message : `${title}: ${count(findings.length, 'file')}`,
    text: [
      ...findings.slice(0, placesShown).map(finding => `${placeOf(finding)}: ${finding.evidence}`),
      ...(findings.length > placesShown ? [`and ${count(findings.length - placesShown, 'more file')}`] : []),
      `Fix: ${remedyOf(first)}`,
    ],
  }
}

/** What the finding is about: a package, or a file that belongs to none. */
function subjectOf(finding: Finding): string {
  return packageNames(finding).join(', ') || placeOf(finding)
}

function propertiesOf(report: Report): string {
  return element(
    'properties',
    {},
    {
      children: aboutOf(report).map(([name, value]) => element('property', {name, value})),
    },
  )
}

function outputOf(report: Report): readonly string[] {
  return [
    summaryOf(report),
    ...report.advice.map(({command, text}) => `${command}: ${text}`),
    ...noticeOf(report),
    ...report.warnings.map(warning => `Warning ${warning.code}: ${warningText(warning)}`),
  ]
}
