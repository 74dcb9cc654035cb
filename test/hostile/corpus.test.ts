import {execFileSync, spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {basename, join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {reporters} from '../../src/report/index.js'
import {oneErrorLine, piton, type Ran, terminalCommands} from '../support/piton.js'
import {shared} from '../support/shared.js'

/** One line of expected.ndjson. What `expect` and `also` mean stands at the top of gen.py. */
interface Case {
  readonly case: string
  readonly kind: string
  readonly expect: Outcome
  readonly also?: string
  readonly must?: string
  readonly big: boolean
}

interface RealCase {
  readonly file: string
  readonly expect: string
}

interface Report {
  readonly complete: boolean
  readonly release: {readonly version: string; readonly branch: string | null} | null
  readonly warnings: readonly {readonly code: string; readonly path: string | null; readonly message: string}[]
  readonly packages: readonly {readonly name: string; readonly version: string}[]
}

type Outcome = 'error' | 'warn' | 'ok'

const hostile = shared('corpus/hostile')
const generator = shared('corpus/hostile/gen.py')
const good = ['musl 1.2.4-r2', 'busybox 1.36.1-r15', 'zlib 1.3.1-r0']
const megabyte = 1024 ** 2

/** What has to come out, case by case: `must` of gen.py as packages, and what a warning has to name. */
const details: Readonly<Record<string, {packages?: readonly string[]; count?: number; names?: readonly RegExp[]}>> = {
  'tar-dotdot.tar': {names: [/piton-escape-1/]},
  'tar-symlink-loop-osrelease.tar': {names: [/os-release.*loop/]},
  'tar-dup-db.tar': {packages: ['last 9-r0'], count: 1},
  'tar-names-escape.tar': {names: [/red/, /new\nline/, /title/, /2J/, /cr\rover/, /gpj\.exe/]},
  'tar-gzip-bomb-10g.tar.gz': {names: [/bomb.*zeros/]},
  'apkdb-truncated-record.tar': {names: [/half/]},
  'apkdb-proto-names.tar': {packages: [...good, '__proto__ 1.0-r0', 'constructor 1.0-r0', 'toString 1.0-r0'], count: 6},
  'apkdb-duplicates.tar': {packages: [...good, 'zlib 1.2.0-r0'], count: 4},
  'apkdb-missing-fields.tar': {packages: [...good, 'noarch-field 1.0-r0'], names: [/noversion/, /no name/]},
  'apkdb-bad-versions.tar': {names: Array.from({length: 12}, (_, index) => new RegExp(`"v${index}"`))},
  'apkdb-ansi-names.tar': {packages: [...good, '\x1b[2J\x1b[31mevil 1.0-r0'], count: 4},
  'apkdb-200k-packages.tar': {packages: ['pkg0 1.0-r0', 'pkg199999 1.49-r0'], count: 200_000},
  'apkdb-empty.tar': {packages: [], count: 0},
  'elf-bad-in-rootfs.tar': {names: [5, 30, 70, 200, 500].map(size => new RegExp(`usr/bin/t${size}\\b`))},
}

/** What an error has to say beside the file's name: `why` of gen.py. */
const refusals: Readonly<Record<string, RegExp>> = {
  'tar-symlink-loop-db.tar': /lib\/apk\/db\/installed is behind a loop of symbolic links/,
  'tar-gnu-longname-1g.tar': /1073741824 bytes/,
  'tar-truncated-member.tar': /ends inside "usr\/bin\/big"/,
  'tar-truncated-header.tar': /ends inside a tar header/,
  'tar-bad-checksum.tar': /checksum/,
  'tar-gzip-corrupt.tar.gz': /gzip stream is damaged/,
  'img-missing-config.oci.tar': /configuration is not in/,
  'img-missing-layer.oci.tar': /layer 1 of 1 .* is not in/,
  'img-layer-digest-wrong.oci.tar': /layer 1 of 1 .* is sha256:[0-9a-f]{64}, but it should be sha256:/,
  'img-docker-layer-traversal.tar': /is not in/,
  'img-docker-layer-absent.tar': /layer 2 of 2 .* is not in .*nope\/layer\.tar/,
  'img-index-cycle.oci.tar': /is sha256:[0-9a-f]{64}, but it should be sha256:a/,
  'img-index-chain-2000.oci.tar': /indexes inside each other/,
  'img-deep-json.oci.tar': /nested more than/,
  'img-mediatype-unknown.oci.tar': /lz4/,
  'img-foreign-layer.oci.tar': /is not in/,
  'img-empty-manifests.oci.tar': /lists no image/,
  'img-null-layers.tar': /Layers is missing/,
  'img-not-json.tar': /is not JSON/,
}

describe.skipIf(hostile === null).concurrent('hostile inputs that are stored', () => {
  const cases = hostile === null ? [] : linesOf<Case>(join(hostile, 'cases/expected.ndjson'))
  for (const found of cases.filter(({kind, big}) => kind !== 'elf' && !big)) {
    test(`${found.case}: ${found.expect}`, async () => {
      await holds(found, join(hostile ?? '', 'cases', found.case), 10_000)
    })
  }
})

describe.skipIf(hostile === null).concurrent('names that a terminal, a page or a parser would obey', () => {
  for (const name of [
    'tar-names-escape.tar',
    'apkdb-ansi-names.tar',
    'apkdb-proto-names.tar',
    'apkdb-bad-versions.tar',
  ]) {
    test(`${name}: plain text in every format`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'piton-formats-'))
      try {
        const outputs = [...reporters.keys()].flatMap(format => ['-o', `${format}=${join(folder, format)}`])
        const ran = await piton(['scan', ...outputs, join(hostile ?? '', 'cases', name)])
        expect([ran.code, ran.stdout]).toEqual([0, ''])
        expect(ran.stderr).toMatch(/^piton: No line of the repository is known [^\n]*\n$/)
        expect(readdirSync(folder).sort()).toEqual([...reporters.keys()].sort())
        for (const format of reporters.keys()) {
          const text = readFileSync(join(folder, format), 'utf8')
          expect([format, terminalCommands.exec(text)]).toEqual([format, null])
        }
      } finally {
        rmSync(folder, {recursive: true, force: true})
      }
    })
  }
})

/** Written into a temporary folder: 60 MB, two minutes. */
describe.skipIf(generator === null || process.env['PITON_BIG'] !== '1' || !hasPython())('large hostile inputs', () => {
  const cases = hostile === null ? [] : linesOf<Case>(join(hostile, 'cases/expected.ndjson'))
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'piton-hostile-'))
  })
  afterAll(() => rmSync(folder, {recursive: true, force: true}))
  for (const found of cases.filter(({kind, big}) => kind !== 'elf' && big)) {
    test(`${found.case}: ${found.expect}`, {timeout: 300_000}, async () => {
      execFileSync('python3', [generator ?? '', folder, '--big', '--only', found.case])
      await holds(found, join(folder, found.case), 60_000)
    })
  }
})

describe.skipIf(hostile === null).concurrent('malformed and odd tars of public test suites', () => {
  const cases = hostile === null ? [] : linesOf<RealCase>(join(hostile, 'real/expected.ndjson'))
  for (const {file, expect: outcome} of cases.filter(({file}) => file.endsWith('.tar'))) {
    test(`${file}: ${outcome}`, async () => {
      const target = join(hostile ?? '', 'real', file)
      // None of them holds a package or an ELF file: what is read is a report only when that is allowed.
      const ran = await piton(['scan', '--allow-empty', '-o', 'json', target])
      staysDecent(ran, 10_000)
      if (outcome.startsWith('ok') || ran.code === 0) isReport(ran)
      else isError(ran, target)
    })
  }
})

/** Runs the case as JSON and as a table, and holds it to what gen.py says. */
async function holds(found: Case, target: string, withinMs: number): Promise<void> {
  const outside = mkdtempSync(join(tmpdir(), 'piton-outside-'))
  try {
    mkdirSync(join(outside, 'tmp'))
    const env = {TMPDIR: join(outside, 'tmp')}
    const ran = await piton(['scan', '-o', 'json', '-o', `table=${join(outside, 'table.txt')}`, target], {
      cwd: outside,
      env,
    })
    staysDecent(ran, withinMs)
    const allowed = [found.expect, ...(['error', 'warn', 'ok'] as const).filter(one => found.also?.includes(one))]
    if (ran.code === 0) {
      const report = isReport(ran)
      const table = readFileSync(join(outside, 'table.txt'), 'utf8')
      expect(table).not.toMatch(terminalCommands)
      holdsReport(found, report, allowed)
      expect(readdirSync(outside, {recursive: true}).sort()).toEqual(['table.txt', 'tmp'])
    } else {
      expect(allowed).toContain('error')
      isError(ran, target)
      expect(ran.stderr).toMatch(refusals[found.case] ?? /./)
      expect(ran.stdout).toBe('')
      expect(readdirSync(outside, {recursive: true})).toEqual(['tmp'])
    }
  } finally {
    rmSync(outside, {recursive: true, force: true})
  }
}

function holdsReport(found: Case, report: Report, allowed: readonly Outcome[]): void {
  expect(allowed.some(outcome => outcome !== 'error')).toBe(true)
  if (!allowed.includes('ok')) expect(report.warnings).not.toEqual([])
  const {packages = good, count, names = []} = details[found.case] ?? {}
  const listed = report.packages.map(({name, version}) => `${name} ${version}`)
  for (const wanted of packages) expect(listed).toContain(wanted)
  if (count !== undefined) expect(listed).toHaveLength(count)
  for (const name of names)
    expect(report.warnings.map(({message}) => message)).toContainEqual(expect.stringMatching(name))
  if (report.release !== null) expect(report.release.branch).toBe('v3.19')
}

function isReport(ran: Ran): Report {
  expect([ran.code, ran.stderr]).toEqual([0, ''])
  return JSON.parse(ran.stdout)
}

function isError(ran: Ran, target: string): void {
  expect(ran.code).toBe(2)
  expect(ran.stderr).toMatch(oneErrorLine)
  expect(ran.stderr).toContain(basename(target))
}

/** What holds for every input: time, memory, no stack trace, nothing that a terminal would obey. */
function staysDecent(ran: Ran, withinMs: number): void {
  expect(ran.stderr).not.toMatch(/unexpected error|^ {4}at /m)
  expect(ran.stdout).not.toMatch(terminalCommands)
  expect(ran.stderr).not.toMatch(terminalCommands)
  expect(ran.milliseconds).toBeLessThan(withinMs)
  expect(ran.peakBytes).toBeGreaterThan(megabyte)
  expect(ran.peakBytes).toBeLessThan(512 * megabyte)
}

function linesOf<Line>(file: string): Line[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
}

function hasPython(): boolean {
  return spawnSync('python3', ['--version']).status === 0
}
