import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {reporters} from '../../src/report/index.js'
import {answersIn, mark, markAnswers} from '../support/answers.js'
import {criticalID, tinyDatabase} from '../support/database.js'
import {temporaryFolder, writeFiles} from '../support/files.js'
import {dockerArchive, ociFiles} from '../support/images.js'
import {piton, type Ran, type RunOptions} from '../support/piton.js'
import {smallSystem} from '../support/small-system.js'
import {file, tarOf} from '../support/tar.js'

let built = {folder: '', feeds: '', database: ''}
beforeAll(async () => {
  built = await tinyDatabase()
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

const image = dockerArchive({layers: [tarOf(smallSystem)], createdBy: ['RUN apk add openssl']})
const other = dockerArchive({layers: [tarOf([...smallSystem, file('etc/other')])], createdBy: ['RUN apk add openssl']})
const vex = JSON.stringify({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://example.org/vex/1',
  author: 'x',
  timestamp: '2026-01-01T00:00:00Z',
  version: 1,
  statements: [],
})
const day = new Date().toISOString().slice(0, 10)

/** A file of this moment may change once more in it. */
const settle = () => wait(120)

const told = ({code, stdout, stderr}: Ran) => ({code, stdout, stderr})

/** A working folder with an image, a database and what else is named in a command line, and the cache of somebody. */
async function workspace(more: Readonly<Record<string, string>> = {}) {
  const [cwd, home] = [temporaryFolder(), temporaryFolder()]
  writeFiles(cwd, [['app.tar', image], ['empty/keep', ''], ['deep/a/b', ''], ...Object.entries(more)])
  cpSync(built.database, join(cwd, 'db'), {recursive: true})
  await settle()
  const run = (args: readonly string[], options: RunOptions = {}) => {
    const env = {XDG_CACHE_HOME: home, ...options.env}
    return piton(args, {cwd, bare: true, ...options, env})
  }
  return {cwd, home, run}
}

const plain = ['scan', '--db', 'db', 'app.tar']
const gated = ['scan', '--db', 'db', '--fail-on', 'high', 'app.tar']

describe.concurrent('an answer is given again, to the byte', () => {
  const lines: [what: string, args: readonly string[], more?: Readonly<Record<string, string>>][] = [
    ['a table', plain],
    ['a failed gate, and why', gated],
    ['audit', ['audit', 'app.tar']],
    ['sbom', ['sbom', 'app.tar']],
    [
      'a configuration, a VEX file and a Dockerfile',
      [...gated, '--vex', 'vex.json'],
      {
        'vex.json': vex,
        '.piton.yaml': 'severity: low\n',
        Dockerfile: 'FROM alpine:3.19\nRUN apk add openssl\n',
      },
    ],
    ['the database that ships', ['scan', 'app.tar']],
    [
      'a small folder',
      ['scan', '--db', 'db', 'rootfs:tree'],
      {
        'tree/lib/apk/db/installed': 'P:musl\nV:1.2.4-r2\nA:x86_64\no:musl\n\n',
        'tree/etc/alpine-release': '3.19.0\n',
      },
    ],
    ...[...reporters.keys()].map((format): [string, readonly string[]] => [format, [...plain, '-o', format]]),
  ]
  for (const [what, args, more] of lines) {
    test(what, async () => {
      const {home, run} = await workspace(more)
      const anew = told(await run([...args, '--no-cache']))
      expect([anew.code === 2, answersIn(home)]).toEqual([false, []])
      expect(told(await run(args))).toEqual(anew)
      // What is opened for the first time by a run may be remembered by it in other ways than answers.
      expect(answersIn(home)).toHaveLength(1)
      const kept = statSync(answersIn(home)[0] ?? '')
      expect([told(await run(args)), kept.mode & 0o777]).toEqual([anew, 0o600])
      expect(statSync(answersIn(home)[0] ?? '').ino).toBe(kept.ino)
      markAnswers(home)
      expect(await run(args)).toMatchObject({code: anew.code, stdout: mark, stderr: ''})
    })
  }

  test('with the files that it wrote', async () => {
    const {cwd, home, run} = await workspace()
    const args = [...gated, '-o', 'table', '-o', 'sarif=out.sarif', '-o', 'json=deep/out.json']
    const texts = () => ['out.sarif', 'deep/out.json'].map(name => readFileSync(join(cwd, name), 'utf8'))
    const anew = told(await run([...args, '--no-cache']))
    const written = texts()
    // The first run with reports to replace.
    expect(told(await run(args))).toEqual(anew)
    markAnswers(home)
    for (const name of ['out.sarif', 'deep/out.json']) writeFileSync(join(cwd, name), 'spoilt')
    const again = await run(args)
    expect([again.code, again.stdout, texts()]).toEqual([1, mark, written])
    expect(statSync(join(cwd, 'out.sarif')).mode & 0o777).toBe(0o666 & ~process.umask())
    rmSync(join(cwd, 'out.sarif'))
    mkdirSync(join(cwd, 'out.sarif'))
    expect(await run(args)).toMatchObject({code: 2, stdout: '', stderr: expect.stringContaining('it is a folder')})
  })

  test('by several runs at once', async () => {
    const {home, run} = await workspace()
    const anew = told(await run([...plain, '--no-cache']))
    const runs = await Promise.all([1, 2, 3, 4].map(() => run(plain)))
    expect(runs.map(told)).toEqual([anew, anew, anew, anew])
    expect(answersIn(home)).toHaveLength(1)
    expect(told(await run(plain))).toEqual(anew)
  })

  test('where the reader has seen enough', async () => {
    const {run} = await workspace()
    await run(gated)
    expect((await run(gated, {closeAfterBytes: 1})).code).toBe(1)
  })
})

type Place = {readonly cwd: string; readonly home: string}

/** Writes what was there, as it was, under another inode. */
function replace(path: string, bytes: Uint8Array) {
  const {atime, mtime} = statSync(path)
  writeFileSync(`${path}.new`, bytes)
  utimesSync(`${path}.new`, atime, mtime)
  renameSync(`${path}.new`, path)
}

const flipped = Buffer.from(image).fill('x', image.length - 4, image.length - 2)

describe.concurrent('an answer is worked out anew', () => {
  const changes: [what: string, change: (place: Place) => unknown, args?: readonly string[]][] = [
    ['when the target was touched', ({cwd}) => void utimesSync(join(cwd, 'app.tar'), 1, 1)],
    ['when the target was replaced, with its size and time', ({cwd}) => replace(join(cwd, 'app.tar'), flipped)],
    [
      'when the target was overwritten, and its time set back',
      ({cwd}) => {
        const {atime, mtime} = statSync(join(cwd, 'app.tar'))
        writeFileSync(join(cwd, 'app.tar'), flipped)
        utimesSync(join(cwd, 'app.tar'), atime, mtime)
      },
    ],
    ['when the target became another', ({cwd}) => writeFileSync(join(cwd, 'app.tar'), other)],
    ['when its mode was changed', ({cwd}) => chmodSync(join(cwd, 'app.tar'), 0o640)],
    ['when the target is gone', ({cwd}) => rmSync(join(cwd, 'app.tar'))],
    [
      'when the target is a link now',
      ({cwd}) => {
        writeFileSync(join(cwd, 'other.tar'), other)
        rmSync(join(cwd, 'app.tar'))
        symlinkSync('other.tar', join(cwd, 'app.tar'))
      },
    ],
    [
      'when a link on the way leads elsewhere',
      ({cwd}) => {
        rmSync(join(cwd, 'link'))
        symlinkSync('second', join(cwd, 'link'))
      },
      ['scan', '--db', 'db', 'link/app.tar'],
    ],
    ['when a configuration was added', ({cwd}) => writeFileSync(join(cwd, '.piton.yaml'), 'severity: low\n')],
    [
      'when the configuration was changed',
      ({cwd}) => appendFileSync(join(cwd, 'piton.yaml'), 'fail-on: high\n'),
      [...plain, '--config', 'piton.yaml'],
    ],
    ['when a Dockerfile was added', ({cwd}) => writeFileSync(join(cwd, 'Dockerfile'), 'FROM alpine\n')],
    [
      'when a Dockerfile was added in a folder',
      ({cwd}) => writeFileSync(join(cwd, 'empty/Dockerfile'), 'FROM alpine\n'),
    ],
    ['when a folder was added', ({cwd}) => void mkdirSync(join(cwd, 'new'))],
    [
      'when the checkout became one',
      ({cwd}) => void mkdirSync(join(cwd, '.git')),
      [...plain, '--sarif-location', 'x.yaml'],
    ],
    [
      'when the database was updated',
      ({cwd}) => {
        const path = join(cwd, 'db/advisories/v3.19.tsv')
        replace(path, Buffer.from(readFileSync(path, 'utf8').replace(criticalID, 'CVE-2030-0009')))
      },
    ],
    [
      'when a database came into the cache',
      ({home}) => cpSync(built.database, join(home, 'piton/db'), {recursive: true}),
      ['scan', 'app.tar'],
    ],
    [
      'when the VEX file was changed',
      ({cwd}) => writeFileSync(join(cwd, 'vex.json'), vex.replace('"version":1', '"version":2')),
      [...plain, '--vex', 'vex.json'],
    ],
    [
      'when the baseline was changed',
      ({cwd}) => appendFileSync(join(cwd, 'base.json'), '\n'),
      [...plain, '--baseline', 'base.json'],
    ],
    [
      'in another folder',
      ({cwd}) => {
        mkdirSync(join(cwd, 'elsewhere'))
        for (const name of ['app.tar', 'db']) symlinkSync(`../${name}`, join(cwd, 'elsewhere', name))
        return {cwd: join(cwd, 'elsewhere')}
      },
    ],
    ['with a variable of ours', () => ({env: {PITON_SEVERITY: 'critical'}})],
    ['with any other variable', () => ({env: {ANYTHING: '1'}})],
    ['with another width', () => ({env: {COLUMNS: '60'}})],
    ['in colours', () => ({env: {FORCE_COLOR: '1'}})],
    ['with standard input from a file', ({cwd}) => ({stdin: {path: join(cwd, 'app.tar')}})],
    ['a day later', () => ({day: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)})],
    ['where Node loads something before', () => ({bare: false})],
    ['with options of Node', () => ({env: {NODE_OPTIONS: '--no-warnings'}})],
    [
      'where others can write the answer',
      ({home}) => {
        for (const path of answersIn(home)) chmodSync(path, 0o666)
      },
    ],
    [
      'where the answer is cut short',
      ({home}) => {
        for (const path of answersIn(home)) truncateSync(path, 200)
      },
    ],
    [
      'where the answer is damaged',
      ({home}) => {
        for (const path of answersIn(home)) appendFileSync(path, ' ')
      },
    ],
    [
      'where the answer is that of another question',
      ({home}) => {
        const [path = ''] = answersIn(home)
        const bytes = readFileSync(path)
        const body = Buffer.from(
          bytes
            .subarray(32)
            .toString('utf8')
            .replace(/"key":"../, '"key":"zz'),
        )
        writeFileSync(path, Buffer.concat([bytes.subarray(0, 32), body]))
      },
    ],
    [
      'where the answer is a link',
      ({home}) => {
        const [path = ''] = answersIn(home)
        renameSync(path, join(home, 'kept'))
        symlinkSync(join(home, 'kept'), path)
      },
    ],
    ['without the cache', () => ({env: {PITON_CACHE: '0'}})],
  ]
  for (const [what, change, args = plain] of changes) {
    test(what, async () => {
      const place = await workspace({'vex.json': vex, 'piton.yaml': 'severity: low\n'})
      const {cwd, home, run} = place
      for (const [name, bytes] of [['first', image] as const, ['second', other] as const]) {
        mkdirSync(join(cwd, name))
        writeFileSync(join(cwd, name, 'app.tar'), bytes)
      }
      symlinkSync('first', join(cwd, 'link'))
      await run(['scan', '--db', 'db', '-o', 'json=base.json', 'app.tar', '--no-cache'])
      await settle()
      await run(args)
      markAnswers(home)
      // It is given while nothing changes: else the rest would say nothing.
      expect((await run(args)).stdout).toBe(mark)
      const options = (change(place) ?? {}) as RunOptions
      const now = await run(args, options)
      expect(now.stdout).not.toContain(mark)
      expect(told(now)).toEqual(told(await run([...args, '--no-cache'], options)))
    })
  }

  const refused: [what: string, args: readonly string[], code?: number][] = [
    ['--no-cache', [...plain, '--no-cache']],
    ['--verify', [...plain, '--verify']],
    ['--debug', [...plain, '--debug']],
    ['--from', ['scan', '--db', 'db', '--from', 'list.txt']],
    ['a configuration without cache', [...plain, '--config', 'without.yaml']],
    ['an error', ['scan', '--db', 'db', 'missing.tar'], 2],
    ['a gate that --strict closes', ['scan', '--db', 'db', '--strict', '--db-max-age', '1d', 'app.tar'], 2],
    ['another command', ['rules']],
    ['a report to a pipe or device', [...plain, '-o', 'json=/dev/null']],
  ]
  for (const [what, args, code = 0] of refused) {
    test(`and never kept: ${what}`, async () => {
      const {home, run} = await workspace({'list.txt': 'app.tar\n', 'without.yaml': 'cache: false\n'})
      expect(await run(args)).toMatchObject({code})
      expect(answersIn(home)).toEqual([])
    })
  }

  test('and not kept of standard input', async () => {
    const {cwd, home, run} = await workspace()
    expect((await run(['scan', '--db', 'db', '-'], {stdin: {path: join(cwd, 'app.tar')}})).code).toBe(0)
    expect((await run(['scan', '--db', 'db', '-'], {stdin: image})).code).toBe(0)
    expect(answersIn(home)).toEqual([])
  })

  test('and not kept of what was written just now, or changes meanwhile', async () => {
    const {cwd, home, run} = await workspace()
    // Never older than the tick of a clock.
    const writer = spawn('sh', ['-c', 'while touch app.tar; do :; done'], {cwd})
    await once(writer, 'spawn')
    await run(plain)
    writer.kill()
    await once(writer, 'exit')
    expect(answersIn(home)).toEqual([])
  })

  test('and not kept of a folder of many files', async () => {
    const tree = Object.fromEntries(Array.from({length: 2_100}, (_, index) => [`tree/usr/share/${index}`, 'x']))
    const installed = 'P:musl\nV:1.2.4-r2\nA:x86_64\no:musl\n\n'
    const {home, run} = await workspace({...tree, 'tree/lib/apk/db/installed': installed})
    expect((await run(['scan', '--db', 'db', 'rootfs:tree'])).code).toBe(0)
    expect(answersIn(home)).toEqual([])
  })

  test('when a file is added to a layout', async () => {
    const {cwd, home, run} = await workspace()
    writeFiles(join(cwd, 'layout'), ociFiles({layers: [tarOf(smallSystem)]}))
    await settle()
    const args = ['scan', '--db', 'db', 'oci:layout']
    const anew = told(await run([...args, '--no-cache']))
    await run(args)
    markAnswers(home)
    expect((await run(args)).stdout).toBe(mark)
    writeFileSync(join(cwd, 'layout/blobs/sha256/new'), '')
    expect(told(await run(args))).toEqual(anew)
  })

  test('after the cache was cleaned', async () => {
    const {home, run} = await workspace()
    await run(plain)
    expect(answersIn(home)).toHaveLength(1)
    writeFileSync(join(home, 'piton/answers/mine.txt'), '')
    await run(['cache', 'clean'])
    expect(answersIn(home)).toEqual([join(home, 'piton/answers/mine.txt')])
  })
})

test.concurrent('no report depends on the time of day', async () => {
  const {run} = await workspace()
  for (const format of reporters.keys()) {
    const args = [...plain, '--no-cache', '--at', day, '-o', format]
    // Days apart, and so seconds and hours apart as well.
    const [one, two] = await Promise.all([run(args), run(args, {day: '2031-05-06'})])
    expect([format, two.stdout]).toEqual([format, one.stdout])
  }
})

test.concurrent('where nothing can be written, nobody is bothered', async () => {
  const {home, run} = await workspace()
  const anew = told(await run([...plain, '--no-cache']))
  writeFileSync(join(home, 'piton'), '')
  for (const _ of ['first', 'second']) expect(told(await run(plain))).toEqual(anew)
  expect(existsSync(join(home, 'piton/answers'))).toBe(false)
})
