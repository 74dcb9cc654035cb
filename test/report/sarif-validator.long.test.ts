import {expect, test} from 'vitest'
import {sarif, sarifReporter} from '../../src/report/sarif.js'
import {validateSARIF} from '../support/multitool.js'
import {findingOf, reportOf} from '../support/report.js'
import {reports} from '../support/reports.js'

const options = {color: true, width: 80}

/** Starting the validator takes more than a second: reports that differ only for other formats are left out. */
const validated = ['nothing found', 'nothing scanned', 'typical', 'unscored', 'incomplete', 'hostile']

for (const [name, report] of reports.filter(([name]) => validated.includes(name))) {
  test(`sarif has no error and no warning for Microsoft's validator: ${name}`, async () => {
    expect(validateSARIF(await sarif.render(report, options))).toEqual([])
  })
}

test('sarif with lines has no error and no warning for the validator', async () => {
  const dockerfile = {
    file: 'a b/Dockerfile',
    startLine: 4,
    startColumn: 5,
    endLine: 4,
    endColumn: 10,
    snippet: '    nginx \\',
    confidence: 'exact',
    copiedFrom: 'build',
  } as const
  const report = reportOf({}, {findings: [findingOf({dockerfile})]})
  expect(validateSARIF(await sarif.render(report, options))).toEqual([])
})

test('sarif of the full profile has no error and no warning for the validator', async () => {
  const suppressed = {by: 'ignore', reason: 'not reachable', expires: null, justification: null, from: 'x:1'} as const
  const report = reportOf({}, {findings: [findingOf()], suppressed: [findingOf({rule: 'CVE-2024-1', suppressed})]})
  expect(validateSARIF(await sarifReporter('full').render(report, options))).toEqual([])
})
