import fs, {mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import os from 'node:os'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {beforeAll, describe, expect, test} from 'vitest'
import {keyOf} from '../../../src/cli/answers/key.js'
import {Watch, type Watched} from '../../../src/cli/answers/watch.js'
import {temporaryFolder} from '../../support/files.js'

const require = createRequire(import.meta.url)

const places: string[] = []

/** All at once, as it takes a while until they count as unchanged. */
beforeAll(async () => {
  for (let index = 0; index < 80; index++) {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'in'))
    for (const name of ['a', 'b', 'in/c']) writeFileSync(join(folder, name), name)
    symlinkSync('a', join(folder, 'link'))
    places.push(folder)
  }
  await wait(120)
})

/** A folder with things in it that have not changed for a while. */
function place(): string {
  const folder = places.pop()
  if (folder === undefined) throw new Error('make more of them')
  return folder
}

/** What is noted while `work` is done. */
function watched(folder: string, work: (watch: Watch) => void): Watched | null {
  const watch = new Watch(join(folder, 'cache'))
  watch.start()
  let result: Watched | null = null
  try {
    require('node:path')
    watch.allow()
    work(watch)
  } finally {
    // It must be over before anybody else reads something.
    result = watch.end()
  }
  return result
}

const attempt = (work: () => unknown) => {
  try {
    work()
  } catch {
    // That it fails is what is noted.
  }
}

describe('what only reads is noted', () => {
  const reads: [what: string, work: (folder: string) => unknown, notes: readonly [look: string, name: string][]][] = [
    ['stat', folder => fs.statSync(join(folder, 'a')), [['stat', 'a']]],
    ['stat of nothing', folder => fs.statSync(join(folder, 'x'), {throwIfNoEntry: false}), [['stat', 'x']]],
    ['stat that throws', folder => attempt(() => fs.statSync(join(folder, 'x/y'))), [['stat', 'x/y']]],
    ['lstat', folder => fs.lstatSync(join(folder, 'link')), [['lstat', 'link']]],
    ['readlink', folder => fs.readlinkSync(join(folder, 'link')), [['lstat', 'link']]],
    ['realpath', folder => fs.realpathSync(join(folder, 'link')), [['real', 'link']]],
    ['native realpath', folder => fs.realpathSync.native(join(folder, 'in')), [['real', 'in']]],
    ['exists', folder => fs.existsSync(join(folder, 'x')), [['exists', 'x']]],
    ['a list', folder => fs.readdirSync(join(folder, 'in')), [['list', 'in']]],
    ['a list with types', folder => fs.readdirSync(folder, {withFileTypes: true}), [['list', '']]],
    ['a list of nothing', folder => attempt(() => fs.readdirSync(join(folder, 'x'))), [['list', 'x']]],
    ['a file', folder => fs.readFileSync(join(folder, 'a'), 'utf8'), [['file', 'a']]],
    ['a file that is not there', folder => attempt(() => fs.readFileSync(join(folder, 'x'))), [['file', 'x']]],
    [
      'a descriptor',
      folder => {
        const fd = fs.openSync(join(folder, 'a'), fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
        fs.fstatSync(fd)
        fs.readSync(fd, Buffer.alloc(1))
        fs.readFileSync(fd)
        fs.closeSync(fd)
      },
      [['file', 'a']],
    ],
  ]
  for (const [what, work, notes] of reads) {
    test(what, () => {
      const folder = place()
      const result = watched(folder, () => work(folder))
      expect(result?.notes.map(([look, path]) => [look, path])).toEqual(
        notes.map(([look, name]) => [look, join(folder, name)]),
      )
    })
  }

  test('what is done apart, in the own folder, is not', () => {
    const folder = place()
    const result = watched(folder, watch =>
      watch.apart(() => {
        fs.mkdirSync(join(folder, 'cache/layers'), {recursive: true})
        fs.existsSync(join(folder, 'cache/layers'))
        fs.existsSync(join(folder, 'a'))
        const fd = fs.openSync(join(folder, 'cache/layers/x'), 'wx', 0o600)
        fs.writevSync(fd, [Buffer.from('x')])
        fs.closeSync(fd)
        fs.rmSync(join(folder, 'cache/layers/x'), {force: true})
      }),
    )
    expect(result?.notes).toEqual([['exists', join(folder, 'a'), 'true']])
  })

  test('a report is kept with what is in it', () => {
    const folder = place()
    const [temporary, report] = [join(folder, '.r.tmp'), join(folder, 'r')]
    const result = watched(folder, () => {
      fs.statSync(report, {throwIfNoEntry: false})
      const fd = fs.openSync(temporary, 'wx')
      fs.readdirSync(join(folder, 'in'))
      fs.writeSync(fd, Buffer.from('xabc'), 1)
      fs.closeSync(fd)
      fs.renameSync(temporary, report)
      fs.rmSync(temporary, {force: true})
    })
    expect(result?.outputs).toEqual([[report, 'abc']])
    expect(result?.notes[0]).toEqual(['output', report, 'free'])
  })
})

describe('whatever else is done ends the watch', () => {
  const others: [what: string, work: (folder: string, watch: Watch) => unknown][] = [
    ['a file is written', folder => fs.writeFileSync(join(folder, 'new'), '')],
    ['a file is opened to be written', folder => fs.closeSync(fs.openSync(join(folder, 'new'), 'w'))],
    ['a file is opened by flags', folder => fs.closeSync(fs.openSync(join(folder, 'a'), fs.constants.O_RDWR))],
    ['a file is removed', folder => fs.rmSync(join(folder, 'a'))],
    ['a file is renamed', folder => fs.renameSync(join(folder, 'a'), join(folder, 'z'))],
    ['a folder is made', folder => fs.mkdirSync(join(folder, 'new'))],
    ['a folder is made in the own folder, but not apart', folder => fs.mkdirSync(join(folder, 'cache'))],
    ['a mode is changed', folder => fs.chmodSync(join(folder, 'a'), 0o600)],
    ['a report is begun and left', folder => fs.closeSync(fs.openSync(join(folder, '.r.tmp'), 'wx'))],
    [
      'a report is no text',
      folder => {
        const fd = fs.openSync(join(folder, '.r.tmp'), 'wx')
        fs.writeSync(fd, Buffer.of(0xff))
        fs.closeSync(fd)
        fs.renameSync(join(folder, '.r.tmp'), join(folder, 'r'))
      },
    ],
    [
      'a report is where something is read',
      folder => {
        fs.readFileSync(join(folder, 'a'))
        const fd = fs.openSync(join(folder, '.r.tmp'), 'wx')
        fs.closeSync(fd)
        fs.renameSync(join(folder, '.r.tmp'), join(folder, 'a'))
      },
    ],
    ['a callback is asked for', folder => fs.stat(join(folder, 'a'), () => {})],
    ['a promise is asked for', folder => fs.promises.stat(join(folder, 'a')).catch(() => {})],
    [
      'a module of promises is asked for',
      folder =>
        require('node:fs/promises')
          .readFile(join(folder, 'a'))
          .catch(() => {}),
    ],
    [
      'a stream is opened',
      folder =>
        fs
          .createReadStream(join(folder, 'a'))
          .on('error', () => {})
          .destroy(),
    ],
    ['a folder is opened', folder => fs.opendirSync(folder).closeSync()],
    ['access is asked for', folder => fs.accessSync(join(folder, 'a'))],
    ['a list goes deep', folder => fs.readdirSync(folder, {recursive: true})],
    ['a list is of bytes', folder => fs.readdirSync(folder, {encoding: 'buffer'})],
    ['a path is of bytes', folder => fs.statSync(Buffer.from(join(folder, 'a')))],
    ['a path is an address', folder => fs.readFileSync(new URL(`file://${folder}/a`))],
    ['a file is read with flags', folder => fs.readFileSync(join(folder, 'a'), {flag: 'r+'})],
    [
      'something fails that may not',
      folder => attempt(() => fs.openSync(join(folder, 'link'), fs.constants.O_NOFOLLOW)),
    ],
    ['a descriptor came from elsewhere', () => fs.fstatSync(0)],
    [
      'a file was written just now',
      folder => {
        writeFileSync(join(folder, 'a'), 'new')
        fs.readFileSync(join(folder, 'a'))
      },
    ],
    [
      'a file changes while it is read',
      folder => {
        fs.readFileSync(join(folder, 'a'))
        writeFileSync(join(folder, 'a'), 'new')
      },
    ],
    [
      'a folder changes meanwhile',
      folder => {
        fs.readdirSync(join(folder, 'in'))
        writeFileSync(join(folder, 'in/new'), '')
      },
    ],
    [
      'what was missing is there',
      folder => {
        fs.existsSync(join(folder, 'new'))
        writeFileSync(join(folder, 'new'), '')
      },
    ],
    ['a file of the kernel is read', () => fs.readFileSync('/proc/version')],
    ['a device is read', () => fs.readFileSync('/dev/null')],
    ['a program is run', () => require('node:child_process')],
    ['a connection is made', () => require('node:net')],
    ['a thread is started', () => new (require('node:worker_threads').Worker)('0', {eval: true})],
    ['a name is looked up', () => require('node:dns')],
    ['the system is asked', () => os.hostname()],
    ['standard input is read', () => process.stdin],
    ['something is fetched', () => attempt(() => fetch('data:,x'))],
    ['progress is shown', () => process.stderr.write('\r')],
    ['bytes are printed', () => process.stdout.write(Buffer.from(''))],
    ['it is refused', (_, watch) => watch.refuse()],
    [
      'more paths are asked for than are looked at again',
      folder => {
        for (let index = 0; index <= 2_000; index++) fs.existsSync(join(folder, String(index)))
      },
    ],
  ]
  for (const [what, work] of others) {
    test(what, () => {
      const folder = place()
      expect(watched(folder, watch => work(folder, watch))).toBeNull()
    })
  }

  test('nobody allows it', () => {
    const watch = new Watch(place())
    watch.start()
    require('node:path')
    expect(watch.end()).toBeNull()
  })

  test('and everything is as it was before', () => {
    const own = () => Object.getOwnPropertyNames(fs).map(name => Object.getOwnPropertyDescriptor(fs, name))
    const before = own()
    watched(place(), () => {})
    watched(place(), () => fs.accessSync('.'))
    expect(own()).toEqual(before)
    expect(Object.hasOwn(process.stdout, 'write')).toBe(false)
  })
})

test('the sources as they are keep no answer', () => {
  expect(keyOf(['scan', 'app.tar'])).toBeNull()
})
