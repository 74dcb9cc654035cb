import {expect, test} from 'vitest'
import type {Report} from '../../src/model/report.js'
import {htmlReport} from '../../src/report/html.js'
import {matchOf, packageOf, ratingOf} from '../support/facts.js'
import {elementsOf, parsePage, textOf} from '../support/media.js'
import {findingOf, reportOf, targetOf} from '../support/report.js'
import {hostileNames} from '../support/reports.js'

async function pageOf(report: Report) {
  const page = parsePage(await htmlReport.render(report, {color: false, width: 100}))
  const elements = elementsOf(page)
  const attribute = (element: (typeof elements)[number], wanted: string) =>
    element.attrs.find(({name}) => name === wanted)?.value
  return {
    page,
    attribute,
    find: (selector: string) => {
      const [tag, name] = selector.split('.')
      return elements.filter(
        element =>
          (tag === '' || element.tagName === tag) &&
          (name === undefined || attribute(element, 'class')?.split(' ').includes(name)),
      )
    },
  }
}

test('html says what was scanned, what was found and what to do first', async () => {
  const matches = [matchOf({rating: ratingOf(9.8, {kev: true})}), matchOf({fix: {id: 'XSA-1'}, rating: ratingOf(null)})]
  const {page, find} = await pageOf(reportOf({matches}))
  expect(find('h1').map(textOf)).toEqual(['app:1.2'])
  expect(find('p.summary').map(textOf)).toEqual(['2 findings: 1 critical, 1 medium.'])
  expect(find('section.advice').map(textOf).join()).toContain('apk add --upgrade libcrypto3 libssl3')
  expect(find('.problem')).toHaveLength(2)
  expect(textOf(page)).toContain('a vulnerability that Alpine has not fixed is not among the findings')
})

test('html has nothing to filter where nothing was found', async () => {
  const {find} = await pageOf(reportOf())
  expect([find('aside'), find('.problem'), find('p.summary').map(textOf)]).toEqual([[], [], ['No findings.']])
})

test('html shows what a name holds, and does nothing that it asks for', async () => {
  for (const name of hostileNames.filter(name => name.length < 200)) {
    const finding = findingOf({origin: name, packages: [{name, version: name}], path: name})
    const {find} = await pageOf(
      reportOf({packages: [packageOf({name})]}, {findings: [finding], target: targetOf({name: name || null})}),
    )
    expect(find('script')).toHaveLength(1)
    expect(find('img')).toHaveLength(0)
    expect(find('h1').map(textOf).join()).not.toMatch(/[\p{Cc}\p{Cf}\p{Bidi_Control}]/u)
  }
})

test('html shows a tag as text', async () => {
  const name = '<script>alert(1)</script>"\''
  const {find} = await pageOf(
    reportOf({}, {target: targetOf({name}), findings: [findingOf({packages: [{name, version: '1'}]})]}),
  )
  expect(find('h1').map(textOf)).toEqual([name])
  expect(find('span.names').map(textOf)).toEqual([name])
})

test('html shows the help of a rule, with its code', async () => {
  const {find} = await pageOf(reportOf({today: '2026-01-01'}, {findings: [...hardening('nginx', 1)]}))
  expect(find('details.help').map(textOf).join()).toContain('Fix: C and C++: compile with -fPIE')
  expect(find('code').map(textOf)).toContain('-fPIE')
})

test('html puts the files of one rule and package into one line', async () => {
  const {find, attribute} = await pageOf(reportOf({}, {findings: [...hardening('nginx', 7), ...hardening('git', 300)]}))
  expect(find('.problem')).toHaveLength(2)
  expect(find('span.place').map(textOf)).toEqual(['nginx 7 files', 'git 300 files'])
  expect(find('.group').map(one => attribute(one, 'open'))).toEqual([''])
  expect(find('li').map(textOf)).toContain('and 100 more files: the JSON report has them all')
})

test('html rows carry numbers for the filters, never text of the image', async () => {
  const {find, attribute} = await pageOf(reportOf({}, {findings: [...hardening('zlib', 1), ...hardening('a b', 1)]}))
  expect(find('.problem').map(row => [attribute(row, 'data-packages'), attribute(row, 'data-layers')])).toEqual([
    ['1', '0'],
    ['0', '0'],
  ])
  expect(find('option').map(one => [attribute(one, 'value'), textOf(one)])).toEqual([
    ['', 'all'],
    ['0', 'a b'],
    ['1', 'zlib'],
    ['', 'all'],
    ['0', '1: ADD alpine-minirootfs.tar.gz / # buildkit'],
    ['1', '2: COPY app /usr/local/bin/app # buildkit'],
    ['', 'all'],
    ['base', 'the base image'],
    ['own', 'your own layers'],
  ])
})

test('html of an incomplete scan says so at its top, and opens the warnings', async () => {
  const warnings = [{code: 'ELF_TRUNCATED', message: 'cut short', path: 'usr/lib/x.so', hides: true}]
  const {find, attribute} = await pageOf(reportOf({}, {complete: false, warnings}))
  expect(find('p.alarm').map(textOf).join()).toContain('The scan is incomplete.')
  const list = find('details.list').find(one => attribute(one, 'id') === 'warnings')
  expect(list && attribute(list, 'open')).toBe('')
  expect(list && textOf(list)).toContain('ELF_TRUNCATED usr/lib/x.so: cut short')
})

test('html says how many problems and packages it left out', async () => {
  const findings = Array.from({length: 5003}, (_, n) => findingOf({fingerprint: `${n}:1`}))
  const packages = Array.from({length: 5002}, (_, n) => packageOf({name: `package-${n}`}))
  const {find} = await pageOf(reportOf({packages}, {findings}))
  expect(find('p.cut').map(textOf)).toEqual([
    '3 more problems, none worse than those here: the JSON report has them all.',
    'and 2 more packages: the JSON report has them all',
  ])
})

function hardening(owner: string, files: number) {
  return Array.from({length: files}, (_, n) =>
    findingOf({
      rule: 'PT2001',
      ruleID: 'PT2001',
      family: 'hardening',
      title: 'Program is loaded at a fixed address',
      origin: owner,
      packages: [{name: owner, version: '1.0-r0'}],
      path: `usr/bin/${owner}-${n}`,
      line: null,
      fix: {text: 'Link with -pie.', command: null},
    }),
  )
}

test('html marks what is loaded, and filters by it where anything is known', async () => {
  const findings = [findingOf({loaded: true}), findingOf({loaded: false, fingerprint: 'f:2', rule: 'CVE-2024-1'})]
  const {find, attribute} = await pageOf(reportOf({}, {findings}))
  expect(find('.problem').map(row => attribute(row, 'data-loaded'))).toEqual(['yes', 'no'])
  expect(find('span.loaded').map(textOf)).toEqual(['loaded'])
  expect(find('input').map(box => attribute(box, 'id'))).toContain('loaded-unknown')
  const unknown = await pageOf(reportOf({}, {findings: [findingOf()]}))
  expect(unknown.find('input').map(box => unknown.attribute(box, 'id'))).not.toContain('loaded-unknown')
})
