import {describe, expect, test} from 'vitest'
import {collectorsFor, gatherFacts} from '../../src/facts/index.js'
import type {Facts} from '../../src/model/facts.js'
import type {Warning} from '../../src/model/warning.js'
import {mergeLayers} from '../../src/rootfs/index.js'
import {apkRecord, databasePath, releaseFiles, tinyElf} from '../support/alpine.js'
import {layered} from '../support/layers.js'
import {file, folder, symlink, type TarItem, tarOf} from '../support/tar.js'

const gathering = {database: null, today: '2026-01-01', libc: null, move: null, integrity: false}

async function factsOf(layers: readonly TarItem[][], kind: 'random' | 'stream' = 'random') {
  const view = await mergeLayers(layered(layers.map(tarOf), {kind}), collectorsFor(false), () => {})
  const {facts, warnings} = await gatherFacts(view, gathering)
  return {facts, warnings: [...view.warnings, ...warnings]}
}

const osRelease = 'ID=alpine\nVERSION_ID=3.19.1\nPRETTY_NAME="Alpine Linux v3.19"\n'
const database = (...packages: string[]): string =>
  packages.map(text => apkRecord({name: text.split(' ')[0] ?? '', version: text.split(' ')[1] ?? ''})).join('')

const releases: [name: string, items: TarItem[], release: Partial<NonNullable<Facts['release']>> | null][] = [
  [
    'os-release',
    [file('etc/os-release', osRelease)],
    {id: 'alpine', version: '3.19.1', branch: 'v3.19', path: 'etc/os-release'},
  ],
  [
    'os-release behind a relative link',
    [symlink('etc/os-release', '../usr/lib/os-release'), file('usr/lib/os-release', osRelease)],
    {version: '3.19.1', path: 'usr/lib/os-release'},
  ],
  [
    'os-release behind an absolute link',
    [symlink('etc/os-release', '/usr/lib/os-release'), file('usr/lib/os-release', osRelease)],
    {version: '3.19.1', path: 'usr/lib/os-release'},
  ],
  [
    'os-release behind a link to a name that no collector wants',
    [symlink('etc/os-release', 'secfixes.d/release'), file('etc/secfixes.d/release', osRelease)],
    {version: '3.19.1', path: 'etc/secfixes.d/release'},
  ],
  [
    'the same, with the name twice in its layer: the last is the file',
    [symlink('etc/os-release', '/odd'), file('odd', 'ID=other\n'), file('odd', osRelease)],
    {version: '3.19.1', path: 'odd'},
  ],
  [
    'os-release behind a linked folder',
    [symlink('etc', 'data/etc'), file('etc/os-release', osRelease)],
    {path: 'data/etc/os-release'},
  ],
  ['only usr/lib/os-release', [file('usr/lib/os-release', osRelease)], {path: 'usr/lib/os-release'}],
  ['only alpine-release', [file('etc/alpine-release', '3.18.4\n')], {id: 'alpine', version: '3.18.4', branch: 'v3.18'}],
  ['alpine-release behind a link', [symlink('etc/alpine-release', '/v'), file('v', '3.18.4\n')], {version: '3.18.4'}],
  [
    'os-release behind a loop: alpine-release serves',
    [symlink('etc/os-release', 'os-release'), file('etc/alpine-release', '3.18.4\n')],
    {version: '3.18.4', path: 'etc/alpine-release'},
  ],
  [
    'os-release that is a folder: alpine-release serves',
    [folder('etc/os-release'), file('etc/alpine-release', '3.18.4\n')],
    {version: '3.18.4'},
  ],
  [
    'an empty os-release: alpine-release serves',
    [file('etc/os-release'), file('etc/alpine-release', '3.18.4\n')],
    {version: '3.18.4'},
  ],
  [
    // QUIRKS.md section 1: edge images.
    'edge by its alpha version',
    [file('etc/os-release', 'ID=alpine\nVERSION_ID=3.22.0_alpha20250108\n')],
    {branch: 'edge'},
  ],
  [
    'quotes and carriage returns',
    [file('etc/os-release', 'ID=\'alpine\'\r\nVERSION_ID="3.19.1"\r\n')],
    {id: 'alpine', version: '3.19.1'},
  ],
  ['another system', [file('etc/os-release', 'ID=wolfi\nVERSION_ID=20230201\n')], {id: 'wolfi', branch: null}],
  ['bytes that are no text', [file('etc/os-release', Buffer.from([0xff, 0xfe, 0x00]))], null],
  ['nothing', [file('a')], null],
]

describe('the release', () => {
  for (const [name, items, release] of releases) {
    for (const kind of ['random', 'stream'] as const) {
      test(`${name}, ${kind}`, async () => {
        const {facts} = await factsOf([items], kind)
        if (release === null) expect(facts.release).toBeNull()
        else expect(facts.release).toMatchObject(release)
      })
    }
  }

  test('a loop and a folder are warnings', async () => {
    const {warnings} = await factsOf([[symlink('etc/os-release', 'os-release'), folder('etc/alpine-release')]])
    expect(codes(warnings)).toEqual(['LINK_LOOP', 'NOT_A_FILE'])
  })

  test('a file that is removed above is not read', async () => {
    const {facts} = await factsOf([[file('etc/os-release', osRelease)], [file('etc/.wh.os-release')]])
    expect(facts.release).toBeNull()
  })
})

const places: [name: string, items: TarItem[], path: string][] = [
  ['lib/apk', [file(databasePath, database('musl 1-r0'))], databasePath],
  ['usr/lib/apk', [file('usr/lib/apk/db/installed', database('musl 1-r0'))], 'usr/lib/apk/db/installed'],
  [
    'lib is a link to usr/lib',
    [symlink('lib', 'usr/lib'), file('usr/lib/apk/db/installed', database('musl 1-r0'))],
    'usr/lib/apk/db/installed',
  ],
  [
    'written through the link',
    [folder('usr/lib'), symlink('lib', 'usr/lib'), file('lib/apk/db/installed', database('musl 1-r0'))],
    'usr/lib/apk/db/installed',
  ],
  ['behind a link', [symlink(databasePath, '/var/db'), file('var/db', database('musl 1-r0'))], 'var/db'],
]

describe('the package database', () => {
  for (const [name, items, path] of places) {
    test(`in ${name}`, async () => {
      const {facts, warnings} = await factsOf([[...releaseFiles('3.19.0'), ...items]])
      expect(facts.databasePath).toBe(path)
      expect(listed(facts)).toEqual(['musl 1-r0 in 0'])
      expect(warnings).toEqual([])
    })
  }

  test('in both places: one is read, and the other is a warning', async () => {
    const {facts, warnings} = await factsOf([
      [file(databasePath, database('a 1-r0')), file('usr/lib/apk/db/installed', database('b 1-r0'))],
    ])
    expect(listed(facts)).toEqual(['a 1-r0 in 0'])
    expect(codes(warnings)).toEqual(['APK_TWO_DATABASES'])
  })

  test('each package belongs to the layer that brought this version of it', async () => {
    const {facts} = await factsOf([
      [file(databasePath, database('a 1-r0', 'b 1-r0', 'c 1-r0'))],
      [file('unrelated', 'x')],
      [file(databasePath, database('a 1-r0', 'b 2-r0', 'd 1-r0'))],
      [file(databasePath, database('a 1-r0', 'b 2-r0', 'd 1-r0', 'e 1-r0'))],
    ])
    expect(listed(facts)).toEqual(['a 1-r0 in 0', 'b 2-r0 in 2', 'd 1-r0 in 2', 'e 1-r0 in 3'])
  })

  test('also where the database moved behind a link in a later layer', async () => {
    const {facts} = await factsOf([
      [file(databasePath, database('a 1-r0'))],
      [symlink(databasePath, '/var/db'), file('var/db', database('a 1-r0', 'b 1-r0'))],
    ])
    expect(listed(facts)).toEqual(['a 1-r0 in 0', 'b 1-r0 in 1'])
  })

  test('that was removed is gone', async () => {
    const {facts} = await factsOf([[file(databasePath, database('a 1-r0'))], [file('lib/.wh.apk')]])
    expect([facts.databasePath, listed(facts)]).toEqual([null, []])
  })
})

describe('repositories, world and keys', () => {
  test('are read where apk reads them', async () => {
    const {facts} = await factsOf([
      [
        file('etc/apk/repositories', 'https://example.org/v3.19/main\n'),
        file('etc/apk/repositories.d/b.list', 'https://example.org/b\n'),
        file('etc/apk/repositories.d/a.list', 'https://example.org/a\n'),
        file('etc/apk/repositories.d/ignored.txt', 'https://example.org/no\n'),
        file('etc/apk/world', 'musl\nbusybox>1\n'),
        file('etc/apk/keys/b.rsa.pub'),
        file('etc/apk/keys/a.rsa.pub'),
      ],
    ])
    expect(facts.repositories.map(({url}) => url)).toEqual([
      'https://example.org/v3.19/main',
      'https://example.org/a',
      'https://example.org/b',
    ])
    expect(facts.world).toEqual(['musl', 'busybox>1'])
    expect(facts.keys).toEqual(['a.rsa.pub', 'b.rsa.pub'])
  })
})

describe('ELF files and their owners', () => {
  const owning = (path: string): TarItem =>
    file(databasePath, apkRecord({name: 'busybox', version: '1-r0', files: [path]}))
  const cases: [name: string, items: TarItem[], path: string, owner: string | null][] = [
    ['as the package has it', [owning('bin/busybox'), file('bin/busybox', tinyElf())], 'bin/busybox', 'busybox'],
    [
      'in a merged /usr',
      [owning('bin/busybox'), symlink('bin', 'usr/bin'), file('usr/bin/busybox', tinyElf())],
      'usr/bin/busybox',
      'busybox',
    ],
    [
      'in a merged /usr, written through the link',
      [owning('lib/ld.so'), folder('usr/lib'), symlink('lib', 'usr/lib'), file('lib/ld.so', tinyElf())],
      'usr/lib/ld.so',
      'busybox',
    ],
    ['of nobody', [owning('bin/other'), file('bin/busybox', tinyElf())], 'bin/busybox', null],
    ['in the root', [owning('init'), file('init', tinyElf())], 'init', 'busybox'],
  ]
  for (const [name, items, path, owner] of cases) {
    test(name, async () => {
      const {facts} = await factsOf([
        items.filter(({name}) => name !== databasePath),
        items.filter(({name}) => name === databasePath),
      ])
      expect(facts.elfFiles.map(elf => [elf.path, elf.package])).toEqual([[path, owner]])
    })
  }

  test('a name and a mode say nothing, the first bytes do', async () => {
    const {facts} = await factsOf([
      [file('readme.txt', tinyElf()), file('bin/sh', '#!/bin/sh\n', {mode: 0o755}), file('e', '\x7fELF')],
    ])
    expect(facts.elfFiles.map(({path}) => path)).toEqual(['readme.txt'])
  })
})

function listed(facts: Facts): string[] {
  return facts.packages.map(({name, version, layer}) => `${name} ${version} in ${layer}`)
}

function codes(warnings: readonly Warning[]): string[] {
  return warnings.map(({code}) => code).sort()
}
