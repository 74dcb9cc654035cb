import {mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {tinyDatabase} from '../support/database.js'
import {dockerArchive} from '../support/images.js'
import {piton, type Ran} from '../support/piton.js'
import {smallSystem} from '../support/small-system.js'
import {tarOf} from '../support/tar.js'

/** What nobody waits for longer; the machine may be busy. */
const enoughMs = 15_000
/** What a scan of this image holds, and what a file of a few megabytes becomes. */
const enoughBytes = 1_500_000_000

const folder = mkdtempSync(join(tmpdir(), 'piton-policy-'))
let database = {folder: '', feeds: '', database: ''}
let report = ''
beforeAll(async () => {
  database = await tinyDatabase()
  writeFileSync(join(folder, 'app.tar'), dockerArchive({layers: [tarOf(smallSystem)], tags: ['app:1']}))
  const ran = await run(['scan', 'app.tar', '-o', 'json=base.json'])
  expect(ran.code).toBe(0)
  report = readFileSync(join(folder, 'base.json'), 'utf8')
})
afterAll(() => {
  for (const one of [folder, database.folder]) rmSync(one, {recursive: true, force: true})
})

function run(args: readonly string[]): Promise<Ran> {
  return piton(args, {cwd: folder, env: {PITON_DB: database.database, PITON_AT: '2026-01-20'}})
}

/** A file of this size, of which nothing takes room. */
function hollow(bytes: number): (path: string) => void {
  return path => {
    writeFileSync(path, '')
    truncateSync(path, bytes)
  }
}
const asFolder = (path: string) => void mkdirSync(path)
const noise = Buffer.from(Array.from({length: 10_000}, (_, n) => (n * 7919 + (n >> 3)) % 256))
const times = (count: number, line: (n: number) => string) => Array.from({length: count}, (_, n) => line(n)).join('')

type Content = string | Uint8Array | ((path: string) => void) | (() => string)
type Case = readonly [name: string, content: Content, code: number, said: RegExp]

const bomb = times(
  12,
  n =>
    `a${n}: &a${n} [${Array(9)
      .fill(n === 0 ? 'x' : `*a${n - 1}`)
      .join(', ')}]\n`,
)
const configs: Case[] = [
  ['a circle', 'a: &a [*a]\n', 2, /config\.yaml:1:8: \*a stands inside of itself/],
  ['a bomb', `${bomb}skip: *a11\n`, 2, /aliases stand for more than 10,000 values/],
  ['200,000 anchors', times(200_000, n => `k${n}: &k${n} v\n`), 2, /unknown key "k0"\. 999 more/],
  ['100,000 ignores', `ignore:\n${times(100_000, n => `- {rule: CVE-2024-${n}, reason: r}\n`)}`, 0, /^$/],
  [
    '100,000 patterns',
    `ignore:\n${times(100_000, n => `- {path: "*${n}*", reason: r}\n`)}`,
    2,
    /more than 2000 ignores have a pattern/,
  ],
  ['a pattern to go back in', `ignore:\n- {path: "${'*a'.repeat(200)}b", reason: r}\n`, 0, /^$/],
  ['one over folders', `ignore:\n- {path: "${'**/'.repeat(200)}x", reason: r}\n`, 0, /^$/],
  ['a regular expression', 'ignore:\n- {path: "(a+)+$", reason: r}\n', 0, /^$/],
  ['a pattern for images', `ignore:\n- {rule: PT2001, image: "${'*a*'.repeat(200)}b", reason: r}\n`, 0, /^$/],
  ['nothing', '', 0, /^$/],
  ['a list', '- a\n', 2, /a map should stand here, not a list/],
  ['two documents', 'fail-on: high\n---\nfail-on: low\n', 2, /a second document begins here/],
  ['a byte order mark', '\ufeffseverity: low\n', 0, /^$/],
  ['lines that end as on Windows', 'severity: low\r\nignore:\r\n- rule: CVE-2024-1\r\n  reason: r\r\n', 0, /^$/],
  ['UTF-16', Buffer.from('\ufefffail-on: high\n', 'utf16le'), 2, /config\.yaml is no text in UTF-8/],
  ['noise', noise, 2, /config\.yaml is no text in UTF-8/],
  ['a key twice', 'fail-on: high\nfail-on: low\n', 2, /config\.yaml:2:1: "fail-on" stands here a second time/],
  ['__proto__', '__proto__:\n  fail-on: none\nfail-on: high\n', 2, /unknown key "__proto__"/],
  ['__proto__ among rules', 'rules:\n  __proto__: off\n', 2, /"__proto__" is neither a rule nor an advisory/],
  ['deep nesting', `a: ${'['.repeat(100_000)}${']'.repeat(100_000)}\n`, 2, /nested too deep/],
  ['a long word', `fail-on: ${'h'.repeat(5_000_000)}\n`, 2, /^piton: config\.yaml:1:10: "h{100,2000}/],
  ['a tag', 'fail-on: !!js/function "function(){}"\n', 2, /tags are not understood/],
  ['a folder', asFolder, 2, /cannot read config\.yaml: it is no file/],
  ['a gigabyte', hollow(2 ** 30), 2, /config\.yaml has more than 32 MiB/],
]

/** The report that was made, changed. */
const changed = (change: (document: Record<string, unknown>) => unknown) => () =>
  JSON.stringify(change(JSON.parse(report)))
const baselines: Case[] = [
  ['itself', () => report, 0, /^$/],
  ['with a byte order mark', () => `\ufeff${report}`, 0, /^$/],
  ['with lines as on Windows', () => report.replaceAll('\n', '\r\n'), 0, /^$/],
  [
    'of another image',
    changed(all => ({...all, target: {name: 'other/thing:9'}})),
    2,
    /is a report of other\/thing, and this is app/,
  ],
  [
    'of a later version',
    changed(all => ({...all, schemaVersion: 2})),
    2,
    /is a report of version 2, and this piton reads 1/,
  ],
  ['without findings', changed(({findings, ...rest}) => rest), 2, /has no list of findings/],
  [
    'with a finding that is none',
    changed(all => ({...all, findings: [{}]})),
    2,
    /1 of 1 finding of \S+ cannot be read/,
  ],
  [
    'that only inherits',
    '{"schemaVersion": 1, "tool": {"name": "piton"}, "__proto__": {"findings": []}}',
    2,
    /has no list of findings/,
  ],
  ['that is cut off', () => report.slice(0, 500), 2, /is not JSON/],
  ['nothing', '', 2, /is not JSON/],
  ['null', 'null', 2, /is no report of piton/],
  ['noise', noise, 2, /is not JSON/],
  ['deep nesting', `${'['.repeat(500_000)}${']'.repeat(500_000)}`, 2, /is no report of piton|is not JSON/],
  [
    'SARIF of another tool',
    '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"other"}},"results":[]}]}',
    2,
    /is SARIF of other, not of piton/,
  ],
  ['a folder', asFolder, 2, /it is no file/],
  ['a gigabyte', hollow(2 ** 30), 2, /has more than 512 MiB/],
]

const statement = (more: object) => ({
  vulnerability: {name: 'CVE-2030-0001'},
  products: [{'@id': 'pkg:oci/app'}],
  status: 'not_affected',
  justification: 'vulnerable_code_not_present',
  ...more,
})
const vexOf = (...statements: readonly object[]) => vexOfMany(statements)
const vexOfMany = (statements: readonly object[]) =>
  JSON.stringify({'@context': 'https://openvex.dev/ns/v0.2.0', timestamp: '2026-01-01T00:00:00Z', statements})
/** What is wrong with statements is a warning: the rest of a document may still be right. */
const documents: Case[] = [
  [
    'that contradicts itself',
    vexOf(statement({}), statement({status: 'affected'})),
    0,
    /VEX_CONTRADICTION .*neither is newer, so the careful one counts/,
  ],
  [
    'that does not say why',
    vexOf(statement({justification: undefined})),
    0,
    /VEX_STATEMENT .*and not why: it is passed over/,
  ],
  [
    'with a justification of its own',
    vexOf(statement({justification: 'because'})),
    0,
    /VEX_STATEMENT .*because is no justification of OpenVEX/,
  ],
  ['with a status of its own', vexOf(statement({status: 'fine'})), 0, /VEX_STATEMENT .*has no status: fine/],
  ['about nothing', vexOf(), 0, /VEX_STATEMENT \S+ has no statements/],
  [
    'about something else',
    vexOf(statement({vulnerability: {name: 'CVE-1999-1'}})),
    0,
    /VEX_UNUSED .*there is no such finding/,
  ],
  ['with a pattern', vexOf(statement({products: [{'@id': `pkg:oci/${'*a'.repeat(3000)}`}]})), 0, /VEX_UNUSED/],
  [
    '200,000 statements',
    () => vexOfMany(Array.from({length: 200_000}, (_, n) => statement({vulnerability: `CVE-1999-${n}`}))),
    0,
    /VEX_UNUSED/,
  ],
  [
    'with escape sequences',
    vexOf(statement({status: '\u001b[31mred\u202e'})),
    0,
    /has no status: \\u\{1b\}\[31mred\\u\{202e\}/,
  ],
  [
    '__proto__',
    '{"__proto__": {"@context": "https://openvex.dev/ns/v0.2.0", "statements": []}}',
    2,
    /is no VEX document/,
  ],
  [
    'deep nesting',
    `{"@context":"https://openvex.dev/ns/v0.2.0","statements":${'['.repeat(99_999)}${']'.repeat(99_999)}}`,
    2,
    /nested more than 64 levels deep/,
  ],
  ['CSAF', '{"document": {"csaf_version": "2.0"}}', 2, /is CSAF, which piton does not read/],
  ['nothing', '', 2, /is not JSON/],
  ['noise', noise, 2, /is not JSON/],
  ['a folder', asFolder, 2, /it is no file/],
  ['a gigabyte', hollow(2 ** 30), 2, /has more than 64 MiB/],
]

const kinds: [flag: string, extension: string, cases: Case[]][] = [
  ['config', 'yaml', configs],
  ['baseline', 'json', baselines],
  ['vex', 'json', documents],
]
describe.each(kinds)('--%s', (flag, extension, cases) => {
  test.each(cases)('%s', async (_, content, code, said) => {
    const path = join(folder, `${flag}.${extension}`)
    rmSync(path, {recursive: true, force: true})
    if (typeof content !== 'function') writeFileSync(path, content)
    else {
      const made = content(path)
      if (typeof made === 'string') writeFileSync(path, made)
    }
    const ran = await run(['scan', 'app.tar', `--${flag}`, `${flag}.${extension}`])
    expect(ran.code, ran.stderr).toBe(code)
    const warnings = ran.stdout.slice(ran.stdout.indexOf('\nWarnings\n')).replace(/\s+/g, ' ')
    expect(code === 2 || said.source === '^$' ? ran.stderr : warnings).toMatch(said)
    // A sentence, and below it at most the line that is wrong with a mark.
    if (code === 2) expect(ran.stderr).toMatch(/^piton: [^\n]{10,4100}\n(?: {2}[^\n]*\n {2} *\^+\n)?$/)
    expect(ran.stdout + ran.stderr).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u)
    expect(ran.milliseconds).toBeLessThan(enoughMs)
    expect(ran.peakBytes).toBeLessThan(enoughBytes)
  })
})
