import {expect, test} from 'vitest'
import type {Report} from '../../src/model/report.js'
import {junit} from '../../src/report/junit.js'
import {elfFileOf, matchOf, packageOf} from '../support/facts.js'
import {parseXML, type XMLElement} from '../support/media.js'
import {findingOf, reportOf} from '../support/report.js'
import {reports} from '../support/reports.js'

async function suitesOf(report: Report): Promise<XMLElement> {
  return parseXML(await junit.render(report, {color: false, width: 100}))
}

function casesOf(root: XMLElement): XMLElement[] {
  return root.children.flatMap(({children}) => children.filter(({name}) => name === 'testcase'))
}

for (const [name, report] of reports) {
  test(`junit counts what it holds, and always holds a test: ${name}`, async () => {
    const root = await suitesOf(report)
    for (const suite of [root, ...root.children]) {
      const cases = suite === root ? casesOf(root) : casesOf({...root, children: [suite]})
      const outcomes = cases.flatMap(({children}) => children.map(({name}) => name))
      expect(suite.attributes).toMatchObject({
        tests: String(cases.length),
        failures: String(outcomes.filter(outcome => outcome === 'failure').length),
        skipped: String(outcomes.filter(outcome => outcome === 'skipped').length),
        errors: '0',
      })
    }
    expect(casesOf(root).length).toBeGreaterThan(0)
    for (const {attributes} of casesOf(root)) expect(attributes).toMatchObject({name: /./, classname: /^piton\./})
  })
}

test('junit fails a test for a vulnerability', async () => {
  const [, found] = casesOf(await suitesOf(reportOf({matches: [matchOf()]})))
  expect(found).toEqual({
    name: 'testcase',
    attributes: {classname: 'piton.vulnerability', name: 'CVE-2023-5678 in openssl (high)'},
    text: '\n\n',
    children: [
      {
        name: 'failure',
        attributes: {message: expect.stringContaining("'libssl3'"), type: 'vulnerability'},
        text: 'lib/apk/db/installed: v3.19/main: openssl 3.1.4-r2 < 3.1.4-r3\nFix: apk add --upgrade libcrypto3 libssl3',
        children: [],
      },
    ],
  })
})

test('junit fails nothing for a note', async () => {
  const packages = [packageOf({files: [{path: 'lib/x', checksum: null, owner: null}]})]
  const root = await suitesOf(reportOf({packages, elfFiles: [elfFileOf()]}))
  expect(root.attributes).toMatchObject({tests: '2', failures: '0', skipped: '1'})
})

test('junit puts the files of one rule and package into one test', async () => {
  const findings = Array.from({length: 150}, (_, n) =>
    findingOf({rule: 'PT2001', family: 'hardening', title: 'Fixed address', path: `usr/bin/${n}`, line: null}),
  )
  const [, found] = casesOf(await suitesOf(reportOf({}, {findings})))
  expect(found?.attributes['name']).toBe('PT2001 Fixed address: libssl3 (high)')
  expect(found?.children[0]?.attributes['message']).toBe('Fixed address: 150 files')
  expect(found?.children[0]?.text.split('\n').slice(-2)).toEqual([
    'and 50 more files',
    'Fix: apk add --upgrade libssl3',
  ])
})

test('junit of an incomplete scan fails', async () => {
  const warnings = [{code: 'ELF_TRUNCATED', message: 'cut short', path: 'usr/lib/x.so', hides: true}]
  const root = await suitesOf(reportOf({}, {complete: false, warnings}))
  expect(root.attributes['failures']).toBe('1')
  expect(casesOf(root)[0]?.children[0]?.text).toBe('ELF_TRUNCATED: usr/lib/x.so: cut short')
})

test('junit shows what XML cannot hold', async () => {
  const message = 'a\u0000b\u001bc\ufffed\ud800e]]>&lt;'
  const [, found] = casesOf(await suitesOf(reportOf({}, {findings: [findingOf({message})]})))
  expect(found?.children[0]?.attributes['message']).toBe('a\\u{0}b\\u{1b}c\\u{fffe}d\\u{d800}e]]>&lt;')
})
