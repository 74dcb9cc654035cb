import {createHash} from 'node:crypto'
import {readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {expect, test} from 'vitest'
import {collectorsFor, gatherFacts} from '../../src/facts/index.js'
import type {ModifiedFile} from '../../src/model/facts.js'
import {mergeLayers} from '../../src/rootfs/index.js'
import {openSource} from '../../src/source/index.js'
import {databasePath} from '../support/alpine.js'
import {dockerArchive} from '../support/images.js'
import {temporaryFolder} from '../support/piton.js'
import {shared} from '../support/shared.js'
import {file, folder, hardlink, symlink, type TarItem, tarOf} from '../support/tar.js'

interface Owned {
  readonly path: string
  /** What the package installed: content of a file, target of a link; null: the database has no checksum. */
  readonly installed: string | null
}

/** A database with one package, its checksums by sha1, or by sha256 as apk 3 may. */
function database(owned: readonly Owned[], algorithm: 'sha1' | 'sha256'): TarItem {
  const files = owned.flatMap(({path, installed}) => {
    const at = path.lastIndexOf('/')
    const hash = installed === null ? null : createHash(algorithm).update(installed).digest().subarray(0, 20)
    return [`F:${path.slice(0, at)}`, `R:${path.slice(at + 1)}`, ...(hash ? [`Z:Q1${hash.toString('base64')}`] : [])]
  })
  const flags = algorithm === 'sha256' ? ['f:S'] : []
  return file(
    databasePath,
    ['C:Q1AAAAAAAAAAAAAAAAAAAAAAAAAAA=', 'P:p', 'V:1-r0', ...files, ...flags, '', ''].join('\n'),
  )
}

async function modifiedIn(target: string): Promise<readonly ModifiedFile[]> {
  const image = await openSource(target, {platform: null, verify: false})
  try {
    const view = await mergeLayers(image, collectorsFor(true), () => {})
    return (await gatherFacts(view, {database: null, today: '2025-01-10', libc: null, move: null, integrity: true}))
      .facts.modifiedFiles
  } finally {
    image.close()
  }
}

const cases: [name: string, owned: Owned[], items: TarItem[], modified: string[]][] = [
  ['as installed', [{path: 'usr/bin/a', installed: 'a'}], [file('usr/bin/a', 'a')], []],
  ['other content', [{path: 'usr/bin/a', installed: 'a'}], [file('usr/bin/a', 'b')], ['usr/bin/a']],
  ['of the same size, cut to nothing', [{path: 'usr/bin/a', installed: 'a'}], [file('usr/bin/a', '')], ['usr/bin/a']],
  ['empty, as installed', [{path: 'usr/bin/a', installed: ''}], [file('usr/bin/a', '')], []],
  ['not there', [{path: 'usr/bin/a', installed: 'a'}], [folder('usr/bin')], []],
  ['no checksum', [{path: 'usr/bin/a', installed: null}], [file('usr/bin/a', 'b')], []],
  ['a link as installed', [{path: 'usr/bin/a', installed: '/bin/b'}], [symlink('usr/bin/a', '/bin/b')], []],
  ['a link elsewhere', [{path: 'usr/bin/a', installed: '/bin/b'}], [symlink('usr/bin/a', '/tmp/b')], ['usr/bin/a']],
  ['a link in place of a file', [{path: 'usr/bin/a', installed: 'a'}], [symlink('usr/bin/a', 'b')], ['usr/bin/a']],
  [
    'through a linked folder',
    [{path: 'bin/a', installed: 'a'}],
    [symlink('bin', 'usr/bin'), file('usr/bin/a', 'b')],
    ['usr/bin/a'],
  ],
  [
    'a second name',
    [{path: 'usr/bin/b', installed: 'a'}],
    [file('usr/bin/a', 'x'), hardlink('usr/bin/b', 'usr/bin/a')],
    ['usr/bin/b'],
  ],
  ['configuration', [{path: 'etc/passwd', installed: 'a'}], [file('etc/passwd', 'b')], []],
  [
    'how a service starts',
    [{path: 'etc/init.d/sshd', installed: 'a'}],
    [file('etc/init.d/sshd', 'b')],
    ['etc/init.d/sshd'],
  ],
  [
    'a key that apk trusts',
    [{path: 'etc/apk/keys/x.rsa.pub', installed: 'a'}],
    [file('etc/apk/keys/x.rsa.pub', 'b')],
    ['etc/apk/keys/x.rsa.pub'],
  ],
  ['what programs write', [{path: 'var/lib/x', installed: 'a'}], [file('var/lib/x', 'b')], []],
  [
    'listed twice, as the later one installed it',
    [
      {path: 'usr/bin/a', installed: 'old'},
      {path: 'usr/bin/a', installed: 'new'},
    ],
    [file('usr/bin/a', 'new')],
    [],
  ],
  ['nobody owns it', [], [file('usr/bin/a', 'b')], []],
]
for (const algorithm of ['sha1', 'sha256'] as const) {
  for (const [name, owned, items, modified] of cases) {
    test(`${algorithm}: ${name}`, async () => {
      const path = join(temporaryFolder(), 'rootfs.tar')
      writeFileSync(path, tarOf([...items, database(owned, algorithm)]))
      expect((await modifiedIn(`rootfs:${path}`)).map(({path}) => path)).toEqual(modified)
    })
  }
}

test('the layer that changed the file is named, and both checksums', async () => {
  const path = join(temporaryFolder(), 'app.tar')
  const owned = [{path: 'usr/bin/a', installed: 'a'}]
  const layers = [tarOf([file('usr/bin/a', 'a'), database(owned, 'sha1')]), tarOf([file('usr/bin/a', 'b')])]
  writeFileSync(path, dockerArchive({layers, compress: tar => gzipSync(tar)}))
  const sha1 = (text: string) => createHash('sha1').update(text).digest('hex')
  expect(await modifiedIn(path)).toEqual([
    {
      path: 'usr/bin/a',
      layer: 1,
      package: 'p',
      isLink: false,
      expected: {algorithm: 'sha1', hex: sha1('a')},
      actual: sha1('b'),
    },
  ])
})

const rootfs = shared('corpus/rootfs')
for (const name of rootfs === null ? [] : readdirSync(rootfs).filter(name => name.endsWith('.gz'))) {
  test(`${name} is as its packages installed it`, async () => expect(await modifiedIn(`${rootfs}/${name}`)).toEqual([]))
}
