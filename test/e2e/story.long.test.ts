import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, test} from 'vitest'
import {apkDatabase, type PackageParts, releaseFiles, repositoriesFile} from '../support/alpine.js'
import {writeFiles} from '../support/files.js'
import {dockerArchive} from '../support/images.js'
import {piton, type Ran, temporaryFolder} from '../support/piton.js'
import {shared} from '../support/shared.js'
import {tarOf} from '../support/tar.js'

/** What the base image of Alpine 3.9.0 holds, and what its newest patch release brings. */
const base = (openssl: string, musl: string): PackageParts[] => [
  {name: 'musl', version: musl},
  {name: 'libcrypto1.1', origin: 'openssl', version: openssl},
  {name: 'libssl1.1', origin: 'openssl', version: openssl},
]
const oldBase = base('1.1.1a-r1', '1.1.20-r3')
const newBase = base('1.1.1k-r0', '1.1.20-r6')

/** What the team has put on top of it for years. */
const team: PackageParts[] = [
  {name: 'curl', version: '7.61.0-r0'},
  {name: 'apache2', version: '2.4.33-r0'},
  {name: 'php7', version: '7.2.8-r0'},
  {name: 'mariadb', version: '10.3.9-r0'},
  {name: 'imagemagick6', version: '6.9.9.0-r0'},
  {name: 'tcpdump', version: '4.9.2-r0'},
  {name: 'wireshark', version: '2.4.0-r0'},
]
/** One fix of the branch is newer than this: libxml2 2.9.9-r3, CVE-2020-24977. */
const bad: PackageParts = {name: 'libxml2', version: '2.9.9-r2'}
const badID = 'CVE-2020-24977'

function image(release: string, inBase: readonly PackageParts[], onTop: readonly PackageParts[]): Buffer {
  return dockerArchive({
    layers: [
      tarOf([...releaseFiles(release), repositoriesFile('v3.9'), apkDatabase(inBase)]),
      tarOf([apkDatabase([...inBase, ...onTop])]),
    ],
    createdBy: [`ADD alpine-minirootfs-${release}.tar.gz / # buildkit`, 'RUN apk add …'],
    tags: ['shop:1.0'],
  })
}

interface ScanReport {
  readonly findings: readonly {readonly rule: string; readonly suppressed: {readonly by: string} | null}[]
}
interface DiffReport {
  readonly summary: {readonly new: number; readonly fixed: number; readonly unchanged: number}
  readonly findings: {readonly fixed: readonly {readonly origin: string | null}[]}
}

describe('a team adopts piton on an old image', () => {
  const folder = mkdtempSync(join(tmpdir(), 'piton-story-'))
  afterAll(() => rmSync(folder, {recursive: true, force: true}))
  const day = '2026-06-01'
  const run = (args: readonly string[]): Promise<Ran> => piton(args, {cwd: folder})
  const gate = (target: string, at: string, ...more: string[]) =>
    run(['scan', '--fail-on', 'medium', '--baseline', 'baseline.json', '--at', at, target, ...more])
  writeFiles(folder, [
    ['old.tar', image('3.9.0', oldBase, team)],
    ['bad.tar', image('3.9.0', oldBase, [...team, bad])],
    ['bumped.tar', image('3.9.6', newBase, [...team, bad])],
  ])
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), 'utf8'))

  test('the first scan finds hundreds, and the gate is red', async () => {
    const ran = await run(['scan', '--fail-on', 'medium', '--at', day, 'old.tar', '-o', 'json=baseline.json'])
    expect(ran.code).toBe(1)
    expect(read<ScanReport>('baseline.json').findings.length).toBeGreaterThan(200)
  })

  test('with what is known as a baseline it is green', async () => {
    const ran = await gate('old.tar', day)
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    expect(ran.stdout).toMatch(/^No findings\. Suppressed: \d{3} by the baseline\.$/m)
  })

  test('a bad package makes it red, with exactly what it brings', async () => {
    const ran = await gate('bad.tar', day, '-o', 'json=bad.json')
    expect([ran.code, ran.stderr]).toEqual([
      1,
      `piton: --fail-on medium: 1 finding fails it: ${badID} in libxml2 (medium).\n`,
    ])
    const {findings} = read<ScanReport>('bad.json')
    expect(findings.filter(({suppressed}) => suppressed === null).map(({rule}) => rule)).toEqual([badID])
  })

  test('once somebody says why it does not matter, and until when, it is green', async () => {
    const reason = 'Only our own XML is parsed.'
    const written = await run(['ignore', badID, '--package', 'libxml2', '--reason', reason, '--expires', '2026-12-31'])
    expect([written.code, written.stderr]).toEqual([0, ''])
    const ran = await gate('bad.tar', day, '-o', 'table', '-o', 'json=ignored.json')
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    expect(ran.stdout).toMatch(/^No findings\. Suppressed: .*\b1 by the ignore list/m)
    const by = read<ScanReport>('ignored.json').findings.filter(({rule}) => rule === badID)
    expect(by.map(({suppressed}) => suppressed?.by)).toEqual(['ignore'])
  })

  test('on the last day it still holds', async () => {
    const ran = await gate('bad.tar', '2026-12-31')
    expect([ran.code, ran.stderr]).toEqual([0, ''])
  })

  test('on the day after it is red again, and the report says whose reason is over', async () => {
    const ran = await gate('bad.tar', '2027-01-01')
    expect(ran.code).toBe(1)
    const [failed, why, ...more] = ran.stderr.split('\n')
    expect(failed).toBe(`piton: --fail-on medium: 1 finding fails it: ${badID} in libxml2 (medium).`)
    expect(why).toMatch(
      /^piton: warning: \.piton\.yaml:\d+: .* expired on 2026-12-31; 1 finding counts again\. .*Only our own XML/,
    )
    expect(more).toEqual([''])
    expect(ran.stdout.replace(/\s+/g, ' ')).toMatch(
      new RegExp(
        `IGNORE_EXPIRED \\.piton\\.yaml:\\d+: the ignore of ${badID}.* expired on 2026-12-31.*Only our own XML is parsed`,
      ),
    )
  })

  test('a newer base fixes what came with it, and the diff says so', async () => {
    const ran = await run([
      'diff',
      'bad.tar',
      'bumped.tar',
      '--fail-on',
      'medium',
      '--at',
      day,
      '-o',
      'table',
      '-o',
      'json=diff.json',
    ])
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    const {summary, findings} = read<DiffReport>('diff.json')
    expect(summary).toMatchObject({new: 0})
    expect(summary.fixed).toBeGreaterThan(5)
    expect(new Set(findings.fixed.map(({origin}) => origin))).toEqual(new Set(['openssl', 'musl']))
    expect(ran.stdout).toMatch(/^FIXED$/m)
    expect(ran.stdout).toMatch(/CVE-\d{4}-\d+.*openssl/)
  })
})

/** The same with images of the real thing, where they are. */
const real = ['alpine-3.6.3-armhf', 'alpine-3.9.0-aarch64'].flatMap(name => {
  const path = shared(`corpus/rootfs/${name}.tar.gz`)
  return path === null ? [] : [[name, path] as const]
})
describe.each(real)('%s', (_, target) => {
  test('is green with its own baseline, and differs in nothing from itself', async () => {
    const folder = temporaryFolder()
    const first = await piton(['scan', '--fail-on', 'low', target, '-o', 'sarif=base.sarif', '-o', 'json=base.json'], {
      cwd: folder,
    })
    expect(first.code).toBe(1)
    for (const baseline of ['base.json', 'base.sarif']) {
      const ran = await piton(['scan', '--fail-on', 'low', '--baseline', baseline, target], {cwd: folder})
      expect([ran.code, ran.stderr]).toEqual([0, ''])
    }
    const ran = await piton(['diff', 'base.json', target, '--fail-on', 'low'], {cwd: folder})
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    expect(ran.stdout).toMatch(/\nNothing differs: \d+ unchanged\.\n/)
  })
})

const newer = shared('corpus/rootfs/alpine-3.23.2-x86_64.tar.gz')
test.skipIf(real.length === 0 || newer === null)(
  'a real base of another release fixes what the old one had',
  async () => {
    const ran = await piton(['diff', real.at(-1)?.[1] ?? '', newer ?? '', '-o', 'json'])
    expect(ran.code).toBe(0)
    const {summary, findings} = JSON.parse(ran.stdout) as DiffReport
    expect(summary.fixed).toBeGreaterThan(10)
    expect(findings.fixed.map(({origin}) => origin)).toContain('musl')
  },
)
