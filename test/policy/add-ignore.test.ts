import {expect, test} from 'vitest'
import {addIgnore, type NewIgnore} from '../../src/policy/config/add-ignore.js'

const entry: NewIgnore = {
  rule: 'CVE-2024-6119',
  package: [],
  path: [],
  symbol: [],
  library: [],
  image: [],
  reason: 'TLS client only',
  expires: '2026-12-31',
  justification: '',
}
const added = (column: number) =>
  ['- rule: CVE-2024-6119', '  reason: TLS client only', '  expires: 2026-12-31']
    .map(line => `${' '.repeat(column)}${line}\n`)
    .join('')

const cases: [name: string, before: string, after: string][] = [
  ['an empty file', '', `ignore:\n${added(2)}`],
  ['a file of comments', '# ours\n', `# ours\n\nignore:\n${added(2)}`],
  ['settings alone', 'fail-on: high # gate\n', `fail-on: high # gate\n\nignore:\n${added(2)}`],
  ['a last line without its end', 'fail-on: high', `fail-on: high\n\nignore:\n${added(2)}`],
  ['a list', 'ignore:\n  - rule: CVE-1\n    reason: x\n', `ignore:\n  - rule: CVE-1\n    reason: x\n${added(2)}`],
  [
    'a list without indentation',
    'ignore:\n- rule: CVE-1\n  reason: x\n',
    `ignore:\n- rule: CVE-1\n  reason: x\n${added(0)}`,
  ],
  [
    'a list with much of it',
    'ignore:\n      -   rule: CVE-1\n          reason: x\n',
    `ignore:\n      -   rule: CVE-1\n          reason: x\n${added(6)}`,
  ],
  [
    'a list in the middle, with comments and blank lines',
    '# a\nignore: # ours\n  # first\n  - rule: CVE-1   # why\n    reason: x  # because\n\n# next\nfail-on: high\n',
    `# a\nignore: # ours\n  # first\n  - rule: CVE-1   # why\n    reason: x  # because\n${added(2)}\n# next\nfail-on: high\n`,
  ],
  [
    'a reason of several lines at the end',
    'ignore:\n  - rule: CVE-1\n    reason: |\n      one\n      two\n\nfail-on: high\n',
    `ignore:\n  - rule: CVE-1\n    reason: |\n      one\n      two\n${added(2)}\nfail-on: high\n`,
  ],
  [
    'a list that is still empty',
    'ignore:\n#  - rule: CVE-1\nfail-on: high\n',
    `ignore:\n${added(2)}#  - rule: CVE-1\nfail-on: high\n`,
  ],
  [
    'a list in brackets',
    'ignore: [{rule: CVE-1, reason: x}] # ours\n',
    'ignore: [{rule: CVE-1, reason: x}, {rule: "CVE-2024-6119", reason: "TLS client only", expires: "2026-12-31"}] # ours\n',
  ],
  [
    'empty brackets',
    'ignore: [ ]\n',
    'ignore: [{rule: "CVE-2024-6119", reason: "TLS client only", expires: "2026-12-31"}]\n',
  ],
  [
    'a comma at the end of brackets',
    'ignore: [\n  {rule: CVE-1, reason: x},\n]\n',
    'ignore: [\n  {rule: CVE-1, reason: x}, {rule: "CVE-2024-6119", reason: "TLS client only", expires: "2026-12-31"}]\n',
  ],
  [
    'line ends of Windows',
    'ignore:\r\n  - rule: CVE-1\r\n    reason: x\r\n',
    `ignore:\r\n  - rule: CVE-1\r\n    reason: x\r\n${added(2).replaceAll('\n', '\r\n')}`,
  ],
]
for (const [name, before, after] of cases) {
  test(`an ignore is added to ${name}, and nothing else changes`, async () => {
    expect(await addIgnore(before, entry)).toBe(after)
  })
}

for (const text of ['{fail-on: high}\n', 'x: &a []\nignore: *a\n']) {
  test(`${JSON.stringify(text)} has no place for it`, async () => {
    expect(await addIgnore(text, entry)).toBeNull()
  })
}

test('values are quoted where YAML would take them for something else', async () => {
  const hard = {
    ...entry,
    rule: 'CVE-1',
    reason: 'no: "it" # is\nnot',
    path: ['a/**', '*.so'],
    package: ['1'],
    expires: '',
  }
  const {parse} = await import('yaml')
  expect(parse((await addIgnore('', hard)) ?? '')).toEqual({
    ignore: [{rule: 'CVE-1', package: '1', path: ['a/**', '*.so'], reason: 'no: "it" # is not'}],
  })
})
