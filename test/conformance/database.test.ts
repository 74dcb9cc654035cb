import {spawn, spawnSync} from 'node:child_process'
import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {describe, expect, onTestFinished, test} from 'vitest'
import {filesIn, hashOf} from '../../src/advisory/manifest.js'
import {Generations} from '../../src/advisory/update/generations.js'
import {cachePlaces} from '../../src/advisory/update/places.js'
import {verifyDatabase} from '../../src/advisory/verify.js'
import {apkDatabase, releaseFiles} from '../support/alpine.js'
import {feedServer} from '../support/feed-server.js'
import {temporaryFile, temporaryFolder} from '../support/files.js'
import {piton, type Ran} from '../support/piton.js'
import {shared} from '../support/shared.js'
import {fixesOf, secdbText, smallFeeds} from '../support/small-feeds.js'
import {smallSystem} from '../support/small-system.js'
import {tarOf} from '../support/tar.js'

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const isRoot = process.getuid?.() === 0
const target = temporaryFile(tarOf(smallSystem), 'system.tar')
/** With an openssl of which the index of v3.17 has some fixes, and others not. */
const systemOf17 = [
  ...releaseFiles('3.17.0'),
  apkDatabase([{name: 'libssl3', version: '3.0.7-r0', origin: 'openssl', files: []}]),
]
const vulnerable = {...fixesOf(), openssl: {'3.1.4-r3': ['CVE-2026-1000']}}

/** The feeds as they are today, as far as a clock can matter. */
function feedsOf() {
  const files = smallFeeds()
  files.set('secdb/v3.19/main.json', secdbText('v3.19', 'main', vulnerable))
  return files
}

/** A machine with a cache of its own. */
function machine(cache = temporaryFolder()) {
  const run = (...args: readonly string[]): Promise<Ran> => piton(args, {env: {XDG_CACHE_HOME: cache}})
  return {cache, run, places: cachePlaces(join(cache, 'piton')), database: join(cache, 'piton/db')}
}

const findings = (ran: Ran): string[] =>
  JSON.parse(ran.stdout)
    .findings.filter(({family}: {family: string}) => family === 'vulnerability')
    .map(({rule}: {rule: string}) => rule)

const scan = ['scan', '--no-cache', '-o', 'json', '--at', '2026-01-20'] as const

test('a database goes from a mirror to a cache, to a file, and to a machine without a network', async () => {
  const server = await feedServer(feedsOf())
  const one = machine()
  // What ships has more branches, and in these more advisories: --force says that this is meant.
  const updated = await one.run('db', 'update', '--force', '--mirror', server.url)
  expect([updated.code, updated.stderr]).toEqual([0, ''])
  expect(updated.stdout).toMatch(
    /^Updated: advisories of 2026-01-15 \(before: 2025-01-04\); \d+ documents asked for, \d+ changed\.\n/,
  )
  expect(updated.stdout).toMatch(/\n {2}v3\.19 {2}\+32 -[\d,]+ CVE-2026-1000 in openssl 3\.1\.4-r3, CVE-2025-9001/)

  const again = await one.run('db', 'update', '--mirror', server.url)
  expect([again.stdout, again.stderr]).toEqual([
    expect.stringMatching(/^Up to date: advisories of 2026-01-15; \d+ documents asked for, none changed\.\n$/),
    '',
  ])

  const status = JSON.parse((await one.run('db', 'status', '-o', 'json')).stdout)
  expect(status).toMatchObject({
    source: 'cache',
    date: '2026-01-15',
    hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  })
  expect(status.feeds).toContainEqual({name: 'secdb', from: server.url, asOf: '2026-01-15'})
  expect(status.branches.find(({branch}: {branch: string}) => branch === 'v3.19')).toEqual({
    branch: 'v3.19',
    date: '2026-01-15',
    advisories: 32,
  })

  const verified = await one.run('db', 'verify')
  expect([verified.code, verified.stdout]).toEqual([0, expect.stringContaining('is whole: ')])
  const scanned = await one.run(...scan, target)
  expect(findings(scanned)).toEqual(['CVE-2026-1000'])

  const file = join(temporaryFolder(), 'piton-db.tar.gz')
  expect((await one.run('db', 'export', file)).stdout).toMatch(/^Exported [\d,]+ advisories as of 2026-01-15 to /)
  const other = machine()
  expect((await other.run('db', 'import', file)).stdout).toMatch(/^Imported [\d,]+ advisories as of 2026-01-15\.\n$/)
  expect((await other.run(...scan, '--offline', target)).stdout).toBe(scanned.stdout)

  // A crash: what ships serves, until the next update.
  writeFileSync(join(one.database, 'advisories/v3.19.tsv'), '')
  const damaged = await one.run(...scan, target)
  expect([damaged.code, JSON.parse(damaged.stdout).database.date]).toEqual([0, '2025-01-04'])
  expect(JSON.parse(damaged.stdout).warnings[0]).toMatchObject({code: 'DATABASE_INVALID'})
  expect((await one.run('db', 'update', '--force', '--mirror', server.url)).code).toBe(0)
  expect((await one.run(...scan, target)).stdout).toBe(scanned.stdout)

  const cleaned = await one.run('db', 'clean')
  expect(cleaned.stdout).toMatch(/^Removed the refreshed database and its feeds/)
  expect(readdirSync(join(one.cache, 'piton')).filter(name => name !== 'layers')).toEqual([])
  expect((await one.run('db', 'clean')).stdout).toMatch(/^There is no refreshed database/)
})

/** Can this be done here? */
const canDo = (command: string, ...args: readonly string[]) => spawnSync(command, args).status === 0

test.skipIf(!canDo('unshare', '-n', 'true'))(
  'where there is no network at all, an imported database serves',
  async () => {
    const server = await feedServer(feedsOf())
    const [one, other] = [machine(), machine()]
    await one.run('db', 'update', '--force', '--mirror', server.url)
    const file = join(temporaryFolder(), 'piton-db.tar.gz')
    await one.run('db', 'export', file)
    const env = {...process.env, XDG_CACHE_HOME: other.cache}
    const alone = (...args: readonly string[]) =>
      spawnSync('unshare', ['-n', process.execPath, program, ...args], {env, encoding: 'utf8'})
    expect(alone('db', 'import', file).status).toBe(0)
    const scanned = alone(...scan, target)
    expect([scanned.status, scanned.stdout]).toEqual([0, (await one.run(...scan, target)).stdout])
    // Asked for the network, it says that there is none, and goes on.
    const updated = alone('db', 'update')
    expect([updated.status, updated.stdout]).toEqual([0, expect.stringMatching(/^Kept: advisories of 2026-01-15; /)])
    expect(updated.stderr).toMatch(/^piton: warning: no feed can be reached: /)
  },
)

const feeds = shared('feeds')
const roots = shared('corpus/rootfs')

describe.skipIf(feeds === null || roots === null)('a mirror that is a copy of the real feeds', () => {
  test('gives the findings that ship; asked again, it has nothing new', async () => {
    const server = await feedServer(feeds ?? '', {listing: true})
    const {run} = machine()
    const updated = await run('db', 'update', '--mirror', server.url)
    expect([updated.code, updated.stderr]).toEqual([0, ''])
    for (const name of ['alpine-3.19.0-aarch64', 'alpine-3.9.0-aarch64', 'alpine-3.23.2-x86_64']) {
      const image = join(roots ?? '', `${name}.tar.gz`)
      const shipped = await machine().run('scan', '--no-cache', '-o', 'json', '--at', '2025-01-10', image)
      const refreshed = await run('scan', '--no-cache', '-o', 'json', '--at', '2025-01-10', image)
      expect(JSON.parse(refreshed.stdout).database).toBeDefined()
      expect(refreshed.stdout).toBe(shipped.stdout)
    }
    server.answered.splice(0)
    const again = await run('db', 'update', '--mirror', server.url)
    expect(again.stdout).toMatch(/^Up to date: advisories of 2025-01-04; /)
    // The page that lists a folder has nothing to be told by.
    const others = server.answered.filter(({status, path}) => status !== 304 && path !== 'epss/')
    expect([others, server.answered.length > 45]).toEqual([[], true])
  })

  test('package indexes are taken with their signatures, and none without', async () => {
    const files = new Map<string, Uint8Array>([
      [
        'apkindex/v3.17/main/x86_64/APKINDEX.tar.gz',
        readFileSync(join(feeds ?? '', 'apkindex/v3.17/main/x86_64/APKINDEX.tar.gz')),
      ],
    ])
    const server = await feedServer(files)
    const {run, database} = machine()
    const ask = ['db', 'update', '--only', 'apkindex', '--branch', '3.17', '--arch', 'x86_64', '--mirror', server.url]
    const updated = await run(...ask)
    expect([updated.code, updated.stderr]).toEqual([0, ''])
    expect(readFileSync(join(database, 'apk/versions/v3.17.tsv'), 'utf8')).toMatch(
      /\nlibssl3\t3\.\d+\.\d+-r\d+ main x86_64\n/,
    )
    // What it has is said with each finding, and which fixes of the secdb it does not have.
    const image = temporaryFile(tarOf(systemOf17), 'system-3.17.tar')
    const report = JSON.parse((await run(...scan, image)).stdout)
    const fixes = new Map<string, {text: string}>(
      report.findings.map(({rule, fix}: {rule: string; fix: {text: string}}) => [rule, fix]),
    )
    expect(fixes.get('CVE-2023-0286')?.text).toMatch(
      /or later: the repository has '3\.0\.8-r4', by its index of '2023-05-27'\.$/,
    )
    expect(fixes.get('CVE-2024-0727')?.text).toMatch(/It is listed, but not published yet: .* has '3\.0\.8-r4'\.$/)
    const changed = Buffer.from(files.get('apkindex/v3.17/main/x86_64/APKINDEX.tar.gz') ?? '')
    changed[changed.length - 100] = (changed[changed.length - 100] ?? 0) ^ 1
    files.set('apkindex/v3.17/main/x86_64/APKINDEX.tar.gz', changed)
    const refused = await run(...ask)
    expect(refused.stderr).toContain(
      'its signature with alpine-devel@lists.alpinelinux.org-616ae350.rsa.pub does not fit its content',
    )
    expect(refused.stdout).toMatch(/^Kept: /)
  })
})

describe('a machine that is against it', () => {
  test('killed at any moment, 100 times: the database is whole, and either the old or the new one', async () => {
    const files = feedsOf()
    const server = await feedServer(files)
    const {run, cache, places} = machine()
    const versions = ['2026-01-15', '2026-01-16'] as const
    const turnTo = (day: string) => {
      files.set('secdb/last-update', `${day}\n`)
      files.set(
        'secdb/v3.19/main.json',
        secdbText(
          'v3.19',
          'main',
          day === versions[0] ? vulnerable : {...vulnerable, curl: {'8-r0': ['CVE-2026-2000']}},
        ),
      )
    }
    const update = ['db', 'update', '--force', '--mirror', server.url]
    const hashes = new Set<string>()
    let longestMs = 0
    for (const day of [...versions, ...versions]) {
      turnTo(day)
      const ran = await run(...update)
      expect(ran.code).toBe(0)
      hashes.add(hashOf(filesIn(places.database)))
      longestMs = Math.max(longestMs, ran.milliseconds)
    }
    expect(hashes.size).toBe(2)
    let finished = 0
    const seen = new Map<string, number>()
    for (let round = 0; round < 100; round++) {
      turnTo(versions[round % 2] as string)
      if (await killedAfter(Math.random() * longestMs, cache, update)) finished++
      const {problems, hash} = verifyDatabase(places.database)
      expect([round, problems]).toEqual([round, []])
      expect(hashes).toContain(hash)
      expect(new Generations(places).usable(true)?.isLinked).toBe(true)
      seen.set(hash, (seen.get(hash) ?? 0) + 1)
    }
    // Else nothing was tried: some were killed, some got through.
    expect(finished).toBeLessThan(100)
    expect(seen.size).toBe(2)
    turnTo(versions[0])
    expect((await run(...update)).stderr).toBe('')
    expect((await run('db', 'verify')).code).toBe(0)
  })

  /** @returns did it end by itself? */
  function killedAfter(ms: number, cache: string, args: readonly string[]): Promise<boolean> {
    const {PATH = '', HOME = ''} = process.env
    const child = spawn(process.execPath, [program, ...args], {
      env: {PATH, HOME, XDG_CACHE_HOME: cache},
      stdio: 'ignore',
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), ms)
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('exit', code => {
        clearTimeout(timer)
        resolve(code === 0)
      })
    })
  }

  test('three at the same time', async () => {
    const server = await feedServer(feedsOf())
    const {run, places} = machine()
    const runs = await Promise.all([1, 2, 3].map(() => run('db', 'update', '--force', '--mirror', server.url)))
    expect(runs.map(({code}) => code)).toEqual([0, 0, 0])
    expect(runs.filter(({stdout}) => stdout.startsWith('Updated: '))).toHaveLength(1)
    expect(
      runs.filter(({stderr}) => /process \d+ on .* is changing the database; waiting for it/.test(stderr)).length,
    ).toBeGreaterThan(0)
    expect(verifyDatabase(places.database).problems).toEqual([])
  })

  /** A file system of so many bytes, in memory; null where that may not be. */
  function smallDisk(size: string): string | null {
    const folder = temporaryFolder()
    if (!isRoot || !canDo('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder)) return null
    onTestFinished(() => void spawnSync('umount', [folder]))
    return folder
  }

  test('a disk that is full: what was there stays, and a sentence says why', async context => {
    const disk = smallDisk('24m')
    if (disk === null) return context.skip()
    const files = feedsOf()
    const server = await feedServer(files)
    const {run, places} = machine(disk)
    await run('db', 'update', '--force', '--mirror', server.url)
    const before = hashOf(filesIn(places.database))
    for (let size = 24 << 20; size > 4096; size >>= 1) {
      try {
        writeFileSync(join(disk, `filler-${size}`), Buffer.alloc(size))
      } catch {
        rmSync(join(disk, `filler-${size}`), {force: true})
      }
    }
    for (const [path, content] of smallFeeds('2026-01-18')) files.set(path, content)
    const full = await run('db', 'update', '--force', '--mirror', server.url)
    expect([full.code, full.stdout]).toEqual([0, expect.stringMatching(/^Kept: advisories of 2026-01-15; /)])
    expect(full.stderr).toContain('there is no space left on the device')
    expect([verifyDatabase(places.database).problems, hashOf(filesIn(places.database))]).toEqual([[], before])
    const refused = await run('db', 'import', join(disk, 'nothing'))
    expect(refused.code).toBe(2)
    for (const name of ['filler-12582912', 'filler-6291456', 'filler-3145728']) rmSync(join(disk, name), {force: true})
    expect((await run('db', 'update', '--force', '--mirror', server.url)).stdout).toMatch(
      /^Updated: advisories of 2026-01-18/,
    )
  })

  test('a disk that was full from the start', async context => {
    const disk = smallDisk('64k')
    if (disk === null) return context.skip()
    const server = await feedServer(feedsOf())
    const {run, database} = machine(disk)
    const full = await run('db', 'update', '--force', '--mirror', server.url)
    expect([full.code, full.stdout]).toEqual([0, expect.stringMatching(/^Kept: advisories of 2025-01-04; /)])
    expect(full.stderr).toContain('there is no space left on the device')
    expect(existsSync(database)).toBe(false)
    expect((await run(...scan, target)).code).toBe(0)
  })

  test('where no file may be as large: what ships serves, and nothing counts as damaged', async () => {
    const server = await feedServer(feedsOf())
    const {run, cache, database} = machine()
    const update = ['db', 'update', '--force', '--mirror', server.url].map(word => `'${word}'`).join(' ')
    // Half a kilobyte for each of them: 50 kB.
    const limited = spawn('sh', ['-c', `ulimit -f 100; exec '${process.execPath}' '${program}' ${update}`], {
      env: {...process.env, XDG_CACHE_HOME: cache},
    })
    const [out, err] = [limited.stdout, limited.stderr].map(stream => stream.setEncoding('utf8').toArray())
    const code = await new Promise(resolve => limited.on('close', resolve))
    expect([code, (await out)?.join('')]).toEqual([0, expect.stringMatching(/^Kept: advisories of 2025-01-04; /)])
    expect((await err)?.join('')).toContain('no file may be as large')
    expect(existsSync(database)).toBe(false)
    const scanned = await run(...scan, target)
    expect([scanned.code, JSON.parse(scanned.stdout).warnings]).toEqual([0, []])
    expect((await run('db', 'update', '--force', '--mirror', server.url)).stdout).toMatch(/^Updated: /)
  })

  test('a cache that may only be read', async context => {
    const disk = smallDisk('24m')
    if (disk === null) return context.skip()
    const files = feedsOf()
    const server = await feedServer(files)
    const {run, database} = machine(disk)
    await run('db', 'update', '--force', '--mirror', server.url)
    const scanned = await run(...scan, target)
    spawnSync('mount', ['-o', 'remount,ro', disk])
    files.set('secdb/last-update', '2026-01-19\n')
    const updated = await run('db', 'update', '--mirror', server.url)
    expect([updated.code, updated.stdout]).toEqual([0, expect.stringMatching(/^Kept: advisories of 2026-01-15; /)])
    expect(updated.stderr).toContain('it is on a read-only file system')
    expect((await run(...scan, target)).stdout).toBe(scanned.stdout)
    expect((await run('db', 'clean')).stderr).toContain('it is on a read-only file system')
    expect(existsSync(database)).toBe(true)
  })

  test.skipIf(!isRoot)('a cache of somebody else', async () => {
    const server = await feedServer(feedsOf())
    const cache = temporaryFolder()
    chmodSync(cache, 0o755)
    mkdirSync(join(cache, 'piton'))
    const run = (...args: readonly string[]) => piton(args, {env: {XDG_CACHE_HOME: cache}, unprivileged: true})
    const updated = await run('db', 'update', '--mirror', server.url)
    expect([updated.code, updated.stdout]).toEqual([0, expect.stringMatching(/^Kept: advisories of 2025-01-04; /)])
    expect(updated.stderr).toContain('you may not write there')
  })
})
