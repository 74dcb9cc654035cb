import {readdirSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {criticalID, mediumID, tinyDatabase} from '../support/database.js'
import {temporaryFile, temporaryFolder, writeFiles} from '../support/files.js'
import {oneErrorLine, piton} from '../support/piton.js'
import {smallSystem} from '../support/small-system.js'
import {tarOf} from '../support/tar.js'

let built = {folder: '', feeds: '', database: ''}
beforeAll(async () => {
  built = await tinyDatabase()
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

const {version} = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

/** A root file system with a critical vulnerability. */
const system = temporaryFile(tarOf(smallSystem), 'system.tar')

/** What compiling says of feeds without a package index. */
const noIndex = 'piton: warning: there is no apkindex: the database will have nothing from it\n'

describe.concurrent('commands that answer', () => {
  const cases: [name: string, args: () => string[], said: readonly RegExp[]][] = [
    ['--version', () => ['--version'], [new RegExp(`^piton ${version.replaceAll('.', '\\.')}\n$`)]],
    ['--help', () => ['--help'], [/scan/, /explain/, /rules/, /db/]],
    ['help', () => ['help'], [/scan/, /explain/]],
    ['nothing at all', () => [], [/scan/, /explain/]],
    ['scan --help', () => ['scan', '--help'], [/--fail-on/, /--output/, /TARGET/]],
    ['help scan', () => ['help', 'scan'], [/--fail-on/]],
    ['help exit-codes', () => ['help', 'exit-codes'], [/^ {2}1 .*--fail-on/m, /piton scan --fail-on high/]],
    ['elf -h', () => ['elf', '-h'], [/piton elf PATH\.\.\./]],
    ['completion bash', () => ['completion', 'bash'], [/^complete -F _piton piton$/m]],
    ['help db build', () => ['help', 'db', 'build'], [/--from/]],
    ['db', () => ['db'], [/status/, /build/]],
    ['rules', () => ['rules'], [/PT1001/, /PT1007/]],
    ['explain a rule', () => ['explain', 'PT1001'], [/^PT1001 EndOfLifeRelease/, /https:/]],
    ['explain a rule in small letters', () => ['explain', 'pt1001'], [/PT1001/]],
    [
      'explain a vulnerability',
      () => ['explain', criticalID, '--db', built.database],
      [new RegExp(criticalID), /openssl/, /v3\.19/, /3\.1\.4-r3/, /9\.8/, /CVSS:3\.1\/AV:N/],
    ],
    [
      'explain -o json',
      () => ['explain', criticalID, '-o', 'json', '--db', built.database],
      [/"vulnerabilities": \[/, /"source": "v3\.19\/main"/, /"fixedVersion": "3\.1\.4-r3"/],
    ],
    [
      'explain why an image has a vulnerability',
      () => ['explain', criticalID, '--image', system, '--db', built.database],
      [/: reported for rootfs:/, /v3\.19\/main +fixed in 3\.1\.4-r3; 3\.1\.4-r2 is older; as of 2026-01-15/],
    ],
    [
      'explain why it has not',
      () => ['explain', 'CVE-2030-9999', '--image', system, '-o', 'json', '--db', built.database],
      [/"status": "unknown"/, /No branch of the advisories of 2026-01-15 names CVE-2030-9999/],
    ],
    [
      'explain what a rule found in an image',
      () => ['explain', 'PT1001', '--image', system, '--at', '2026-06-01', '--db', built.database],
      [/PT1001 EndOfLifeRelease: 1 finding for rootfs:/, /Evidence: etc\/os-release: 3\.19\.0/],
    ],
    [
      'db status',
      () => ['db', 'status', '--db', built.database],
      [/2026-01-15/, /3 advisories of 1 branch/, /v3\.19 +3/],
    ],
    ['db status of what ships', () => ['db', 'status'], [/v3\.19/]],
  ]
  for (const [name, args, said] of cases) {
    test(name, async () => {
      const ran = await piton(args())
      expect([ran.code, ran.stderr]).toEqual([0, ''])
      for (const pattern of said) expect(ran.stdout).toMatch(pattern)
      expect(ran.stdout).not.toMatch(/\x1b/)
    })
  }

  test('db status -o json', async () => {
    const ran = await piton(['db', 'status', '-o', 'json', '--db', built.database])
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    expect(JSON.parse(ran.stdout)).toMatchObject({
      location: built.database,
      date: '2026-01-15',
      advisories: 3,
      branches: [{branch: 'v3.19', advisories: 3}],
    })
  })

  test('db build makes the same bytes again, and a database that is used', async () => {
    const to = [join(temporaryFolder(), 'a'), join(temporaryFolder(), 'b')]
    for (const folder of to) {
      const ran = await piton(['db', 'build', '--from', built.feeds, '--to', folder])
      expect([ran.code, ran.stderr]).toEqual([0, noIndex])
      expect(ran.stdout).toMatch(
        /^Compiled 3 advisories of 1 branch, as of 2026-01-15: 3 ids, 2 with a CVSS rating\.\n$/,
      )
    }
    const [first, second] = to.map(filesOf)
    expect(first).toEqual(second)
    expect(first?.size).toBeGreaterThan(1)
    const ran = await piton(['explain', mediumID, '--db', to[0] ?? ''])
    expect([ran.code, ran.stderr]).toEqual([0, ''])
    expect(ran.stdout).toMatch(/1\.36\.1-r16/)
  })

  test('db build says which part of a feed it leaves out', async () => {
    const feeds = writeFiles(temporaryFolder(), [
      ['secdb/last-update', '2026-01-15\n'],
      [
        'secdb/v3.19/main.json',
        '{"packages": [{"pkg": {"name": "a\\u001b[31m", "secfixes": {"1-r0": "CVE-2030-0001"}}}]}',
      ],
    ])
    const ran = await piton(['db', 'build', '--from', feeds, '--to', join(temporaryFolder(), 'd')])
    expect(ran.stderr).not.toMatch(/\x1b|unexpected/)
    expect(ran.stderr).toMatch(/^(?:piton: [^\n]+\n)+$/)
  })
})

describe.concurrent('commands that are refused', () => {
  const cases: [name: string, args: () => string[], said: RegExp][] = [
    ['an unknown command', () => ['bogus'], /there is no command bogus/],
    ['a misspelt command', () => ['scna', 'x'], /there is no command scna\. Did you mean scan\?$/m],
    ['a misspelt flag', () => ['scan', '--fial-on', 'high', 'x'], /--fial-on\. Did you mean --fail-on\?/],
    ['a misspelt topic', () => ['help', 'exit-code'], /exit-code not found\. Did you mean exit-codes\?/],
    ['a switch with a value', () => ['scan', '--strict=no', 'x'], /--strict takes no value/],
    ['an unknown command of a topic', () => ['db', 'bogus'], /there is no command db bogus/],
    ['help for an unknown command', () => ['help', 'bogus'], /bogus not found/],
    ['an unknown flag', () => ['rules', '--bogus'], /--bogus/],
    ['explain without an id', () => ['explain'], /^piton: ID is missing: /m],
    [
      'explain of an unknown id',
      () => ['explain', 'CVE-1999-0001', '--db', built.database],
      /CVE-1999-0001 is no rule/,
    ],
    [
      'explain with a database that is none',
      () => ['explain', criticalID, '--db', built.feeds],
      /not an advisory database/,
    ],
    ['db status of what is none', () => ['db', 'status', '--db', '/nonexistent'], /\/nonexistent/],
    [
      'db build from nowhere',
      () => ['db', 'build', '--from', '/nonexistent', '--to', '/nonexistent/a'],
      /is not a folder of feeds/,
    ],
    [
      'db build without --to',
      () => ['db', 'build', '--from', built.feeds],
      /^piton: --to is missing\. See piton db build --help\./m,
    ],
    [
      'db build to where nothing can be written',
      () => ['db', 'build', '--from', built.feeds, '--to', '/dev/null/a'],
      /\/dev\/null\/a/,
    ],
  ]
  for (const [name, args, said] of cases) {
    test(name, async () => {
      const ran = await piton(args())
      expect([ran.code, ran.stdout]).toEqual([2, ''])
      const stderr = ran.stderr.replace(noIndex, '')
      expect(stderr).toMatch(oneErrorLine)
      expect(stderr).toMatch(said)
      expect(ran.stderr).not.toMatch(/unexpected error/)
    })
  }
})

function filesOf(folder: string): Map<string, string> {
  const entries = readdirSync(folder, {recursive: true, withFileTypes: true}).filter(entry => entry.isFile())
  const paths = entries.map(entry => join(entry.parentPath, entry.name)).sort()
  return new Map(paths.map(path => [path.slice(folder.length), readFileSync(path, 'utf8')]))
}
