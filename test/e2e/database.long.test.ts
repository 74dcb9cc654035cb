import {mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {releaseFiles} from '../support/alpine.js'
import {feedServer, pageOf} from '../support/feed-server.js'
import {temporaryFile, temporaryFolder} from '../support/files.js'
import {oneErrorLine, piton, type Ran} from '../support/piton.js'
import {fixesOf, secdbText} from '../support/small-feeds.js'
import {smallSystem} from '../support/small-system.js'
import {tarOf} from '../support/tar.js'

const target = temporaryFile(tarOf(smallSystem), 'system.tar')
const newer = temporaryFile(tarOf([...releaseFiles('3.30.0'), ...smallSystem.slice(-2)]), 'newer.tar')
const vulnerable = {...fixesOf(), openssl: {'3.1.4-r3': ['CVE-2026-1000']}}

/** A machine with a cache of its own. */
function machine() {
  const cache = temporaryFolder()
  const run = (...args: readonly string[]): Promise<Ran> => piton(args, {env: {XDG_CACHE_HOME: cache}})
  return {cache, run, database: join(cache, 'piton/db')}
}

const findings = (ran: Ran): string[] =>
  JSON.parse(ran.stdout)
    .findings.filter(({family}: {family: string}) => family === 'vulnerability')
    .map(({rule}: {rule: string}) => rule)

const scan = ['scan', '--no-cache', '-o', 'json', '--at', '2026-01-20'] as const

test('what ships goes to a file, and from it to a machine without a network', async () => {
  const [one, other] = [machine(), machine()]
  const status = JSON.parse((await one.run('db', 'status', '-o', 'json')).stdout)
  expect(status).toMatchObject({source: 'shipped', date: '2025-01-04', hash: expect.stringMatching(/^sha256:/)})
  const scanned = await one.run(...scan, target)

  const file = join(temporaryFolder(), 'piton-db.tar.gz')
  expect((await one.run('db', 'export', file)).stdout).toMatch(/^Exported [\d,]+ advisories as of 2025-01-04 to /)
  expect((await other.run('db', 'import', file)).stdout).toMatch(/^Imported [\d,]+ advisories as of 2025-01-04\.\n$/)
  expect(JSON.parse((await other.run('db', 'status', '-o', 'json')).stdout)).toMatchObject({
    source: 'cache',
    hash: status.hash,
  })
  expect((await other.run('db', 'status')).stdout).toContain('(refreshed)')
  expect((await other.run(...scan, '--offline', target)).stdout).toBe(scanned.stdout)
  const verified = await other.run('db', 'verify')
  expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining(status.hash)])

  // A crash, and a disk that forgot: said, and what ships serves.
  truncateSync(join(other.database, 'advisories/v3.19.tsv'), 1000)
  const damaged = await other.run(...scan, target)
  expect([damaged.code, JSON.parse(damaged.stdout).findings]).toEqual([0, JSON.parse(scanned.stdout).findings])
  expect(JSON.parse(damaged.stdout).warnings[0]).toMatchObject({code: 'DATABASE_INVALID'})

  expect((await other.run('db', 'clean')).stdout).toMatch(/^Removed the refreshed database and its feeds/)
  expect(readdirSync(join(other.cache, 'piton')).filter(name => name !== 'layers')).toEqual([])
  expect((await other.run('db', 'clean')).stdout).toMatch(/^There is no refreshed database/)
})

test.each(['advisories/v3.19.tsv', 'severities.tsv', 'epss.tsv', 'releases.tsv', 'apk/origins.tsv', 'manifest.json'])(
  '%s that a crash has filled with zeros: said, and what ships serves',
  async path => {
    const {cache, run, database} = machine()
    const file = join(temporaryFolder(), 'piton-db.tar.gz')
    await run('db', 'export', file)
    await run('db', 'import', file)
    const scanned = await run(...scan, target)
    const whole = readFileSync(join(database, path))
    // As long as it was: half of it, and then all of it.
    for (const kept of [whole.length >> 1, 0]) {
      writeFileSync(join(database, path), Buffer.concat([whole.subarray(0, kept), Buffer.alloc(whole.length - kept)]))
      const damaged = await run(...scan, target)
      const report = JSON.parse(damaged.stdout)
      expect([damaged.code, report.findings]).toEqual([0, JSON.parse(scanned.stdout).findings])
      expect(report.warnings).toMatchObject([{code: 'DATABASE_INVALID'}])
      const verified = await run('db', 'verify')
      expect([verified.code, verified.stderr]).toEqual([2, expect.stringContaining(`${cache}/piton/db is damaged`)])
    }
  },
)

test('an update that could not begin leaves nothing that counts as a damaged database', async () => {
  const {cache, run} = machine()
  mkdirSync(join(cache, 'piton/database/generations'), {recursive: true})
  const status = await run('db', 'status')
  expect([status.stderr, status.stdout]).toEqual(['', expect.stringContaining('(ships with piton)')])
  expect((await run('db', 'verify')).code).toBe(0)
})

test('a file where the cache should be: nothing to clean, and what ships serves', async () => {
  const {cache, run} = machine()
  writeFileSync(join(cache, 'piton'), '')
  expect((await run('db', 'clean')).stdout).toMatch(/^There is no refreshed database/)
  const status = await run('db', 'status')
  expect([status.stderr, status.stdout]).toEqual(['', expect.stringContaining('(ships with piton)')])
})

test('a private feed that the configuration names is fetched with the others, and holds its packages', async () => {
  const server = await feedServer(
    new Map([
      [
        'security.json',
        JSON.stringify({reponame: 'corp', packages: [{pkg: {name: 'tool', secfixes: {'2-r0': ['CORP-1']}}}]}),
      ],
      ['kev/known_exploited_vulnerabilities.json', '{'],
    ]),
  )
  const folder = temporaryFolder()
  // As a list of targets and as a choice of layers these are for scans, and mean something else here.
  const settings = ['feeds:', `  corp: ${server.url}/security.json`, 'from: targets.txt', 'only: own']
  writeFileSync(join(folder, '.piton.yaml'), settings.join('\n'))
  const run = (...args: readonly string[]) => piton(args, {cwd: folder, env: {XDG_CACHE_HOME: folder}})
  const updated = await run('db', 'update', '--only', 'releases')
  expect([updated.code, updated.stdout]).toEqual([0, expect.stringContaining('\n  corp  1 advisory, all new\n')])
  const status = JSON.parse((await run('db', 'status', '-o', 'json')).stdout)
  expect(status.feeds).toContainEqual(expect.objectContaining({name: 'feed:corp', from: server.url}))
  const without = await run('db', 'update', '--only', 'releases', '--config', '')
  expect(without.stdout).toMatch(/; 1 document asked for/)
  writeFileSync(join(folder, '.piton.yaml'), 'feeds: {edge: https://a.example/x}\n')
  const refused = await run('db', 'update')
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('"edge" is no name of a feed')])
})

describe('a scan', () => {
  test('refreshes first where it is asked to, once a day, and goes on where that fails', async () => {
    // A branch that does not ship yet.
    const files = new Map([
      ['secdb/index.html', pageOf(['v3.30/', 'last-update'])],
      ['secdb/last-update', '2026-01-15\n'],
      ['secdb/v3.30/main.json', secdbText('v3.30', 'main', vulnerable)],
    ])
    const server = await feedServer(files)
    const {run} = machine()
    const first = await run(...scan, '--update', '--mirror', server.url, newer)
    expect([first.code, findings(first)]).toEqual([0, ['CVE-2026-1000']])
    const asked = server.answered.length
    const second = await run(...scan, '--update', '--mirror', server.url, newer)
    expect([second.stderr, second.stdout, server.answered.length]).toEqual(['', first.stdout, asked])

    const third = await machine().run(...scan, '--update', '--mirror', 'http://127.0.0.1:9/', target)
    expect([third.code, third.stderr]).toEqual([0, expect.stringMatching(/^piton: warning: .*connection was refused/)])
    expect(JSON.parse(third.stdout).database.date).toBe('2025-01-04')
  })

  test('asks no network that it was not asked to', async () => {
    const {run} = machine()
    const offline = await run(...scan, '--update', '--offline', target)
    expect([offline.code, offline.stderr]).toEqual([2, expect.stringMatching(oneErrorLine)])
    expect(offline.stderr).toContain('--offline forbids it')
    const named = await run(...scan, '--update', '--db', '/nonexistent', target)
    expect([named.code, named.stderr]).toEqual([2, expect.stringContaining('--db names another')])
  })

  test('says at which age a database is too old', async () => {
    const {run} = machine()
    const old = await run('scan', '--no-cache', '-o', 'json', '--at', '2025-01-12', '--db-max-age', '7d', target)
    const report = JSON.parse(old.stdout)
    expect(old.code).toBe(0)
    expect(report.findings.find(({rule}: {rule: string}) => rule === 'PT1002')).toMatchObject({severity: 'medium'})
    expect(report.warnings.map(({code}: {code: string}) => code)).toContain('DATABASE_OLD')
    const strict = await run('scan', '--no-cache', '--strict', '--at', '2025-01-12', '--db-max-age', '1w', target)
    expect([strict.code, strict.stderr]).toEqual([2, expect.stringContaining('--strict')])
    const young = await run('scan', '--no-cache', '-o', 'json', '--at', '2025-01-11', '--db-max-age', '168h', target)
    expect(JSON.parse(young.stdout).warnings).toEqual([])
    const odd = await run('scan', '--db-max-age', 'soon', target)
    expect([odd.code, odd.stderr]).toEqual([2, expect.stringContaining('is no age')])
  })
})

test('a feed that cannot be had is a warning, and with --strict a failure', async () => {
  const server = await feedServer(new Map())
  const {run} = machine()
  const ran = await run('db', 'update', '--only', 'kev', '--mirror', server.url)
  expect([ran.code, ran.stdout, ran.stderr]).toEqual([
    0,
    'Kept: advisories of 2025-01-04; 1 document asked for, none could be had.\n',
    `piton: warning: kev: ${server.url}/kev/known_exploited_vulnerabilities.json answers 404 (Check the address of the mirror); its older data stay\n`,
  ])
  const strict = await run('db', 'update', '--only', 'kev,secdb', '--strict', '--mirror', server.url)
  expect(strict.code).toBe(2)
})

describe.concurrent('what cannot be done', () => {
  const {run} = machine()
  const broken = temporaryFile('not a database', 'broken.tar.gz')
  const cases: [name: string, args: readonly string[], says: RegExp][] = [
    ['a mirror that is no address', ['db', 'update', '--mirror', 'mirror'], /"mirror" is no address of a mirror/],
    ['a folder that is none', ['db', 'update', '--from', '/nonexistent'], /is no folder/],
    ['a mirror and a folder', ['db', 'update', '--from', '/', '--mirror', 'https://a.example'], /Use one of them/],
    ['a feed that nobody knows', ['db', 'update', '--only', 'bogus'], /--only=bogus/],
    ['a branch that is none', ['db', 'update', '--branch', 'latest'], /is no branch of Alpine/],
    ['package indexes of nothing', ['db', 'update', '--arch', 'x86_64'], /by branch and architecture/],
    ['a feed of no name', ['db', 'update', '--feed', 'https://a.example'], /is not NAME=URL/],
    ['a file that is none', ['db', 'import', '/nonexistent'], /there is no such file/],
    ['a file of something else', ['db', 'import', broken], /cannot be imported/],
    ['a file where none can be', ['db', 'export', '/nonexistent/x'], /cannot write \/nonexistent\/x/],
    ['a database that is none', ['db', 'verify', '--db', '/nonexistent'], /is not an advisory database/],
  ]
  for (const [name, args, says] of cases) {
    test(name, async () => {
      const ran = await run(...args)
      expect([ran.code, ran.stdout]).toEqual([2, ''])
      expect(ran.stderr).toMatch(oneErrorLine)
      expect(ran.stderr).toMatch(says)
    })
  }
})
