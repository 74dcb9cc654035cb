import {createHash} from 'node:crypto'
import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {gunzipSync, gzipSync} from 'node:zlib'
import {describe, expect, test} from 'vitest'
import {openDatabase} from '../../../src/advisory/database.js'
import {filesIn, hashOf, manifestName} from '../../../src/advisory/manifest.js'
import {exportDatabase, importDatabase} from '../../../src/advisory/update/bundle.js'
import {verifyDatabase} from '../../../src/advisory/verify.js'
import {feedServer} from '../../support/feed-server.js'
import {refreshing, smallFeeds} from '../../support/small-feeds.js'
import {file, symlink, type TarItem, tarOf} from '../../support/tar.js'

const server = () => feedServer(smallFeeds())

/** A machine with a database, and that as a file. */
async function exported() {
  const one = await refreshing()
  const {database} = await one.update((await server()).url)
  const path = join(one.places.home, 'piton-db.tar.gz')
  const bytes = exportDatabase(database, 'piton/test')
  writeFileSync(path, bytes)
  return {one, path, bytes, database}
}

test('what is exported is imported, byte for byte, and exported again as the same bytes', async () => {
  const {path, bytes, database} = await exported()
  const other = await refreshing()
  const imported = await importDatabase(path, {...other, force: false})
  expect(hashOf(filesIn(imported.location))).toBe(hashOf(filesIn(database.location)))
  expect(openDatabase(other.places.database).date).toBe('2026-01-15')
  expect(exportDatabase(imported, 'piton/other').equals(bytes)).toBe(true)
})

test('what ships can be exported too, and has the same bytes each time', async () => {
  const {shipped} = await refreshing()
  const [one, two] = [openDatabase(shipped), openDatabase(shipped)].map(database =>
    exportDatabase(database, 'piton/test'),
  )
  expect(one?.equals(two ?? Buffer.alloc(0))).toBe(true)
  const names = gunzipSync(one ?? '')
    .toString('latin1')
    .match(/[a-z0-9/.-]+\.(?:tsv|json)(?=\0)/g)
  expect(names).toContain('advisories/edge.tsv')
  // The keys that feeds are signed with are no part of it.
  expect(names).not.toContain('apk/keys.tsv')
})

test('an older one is refused, unless it is meant', async () => {
  const {one, path} = await exported()
  const newer = await refreshing()
  await newer.update((await feedServer(smallFeeds('2026-02-01'))).url)
  await expect(importDatabase(path, {...newer, force: false})).rejects.toThrow(
    expect.objectContaining({
      code: 'DATABASE_OLDER',
      message: expect.stringContaining('is of 2026-01-15, older than what is there, of 2026-02-01'),
    }),
  )
  expect(openDatabase(newer.places.database).date).toBe('2026-02-01')
  await importDatabase(path, {...newer, force: true})
  expect(openDatabase(newer.places.database).date).toBe('2026-01-15')
  // One of the same day is not older.
  await importDatabase(path, {...one, force: false})
})

describe('a file that is damaged, or something else', () => {
  const seal = (text: string) => `${text}\n${createHash('sha256').update(text).digest('hex')}\n`
  /** A file of this piton's own making, but for what is given. */
  async function forged(change: (items: TarItem[], manifest: Record<string, unknown>) => TarItem[]): Promise<Buffer> {
    const {shipped} = await refreshing()
    const items = [...filesIn(shipped).keys()].map(path => file(path, readFileSync(join(shipped, path))))
    const files = Object.fromEntries(filesIn(shipped))
    const manifest = {schemaVersion: 1, date: '2026-03-01', made: '2026-03-01T00:00:00.000Z', by: 'x', feeds: [], files}
    return gzipSync(tarOf(change(items, manifest)))
  }
  const withManifest = (items: TarItem[], manifest: object) => [
    file(manifestName, seal(JSON.stringify(manifest))),
    ...items,
  ]

  test('the forgery that is not changed is taken: what is refused below is refused for its reason', async () => {
    const other = await refreshing()
    const path = join(other.shipped, 'x.tar.gz')
    writeFileSync(path, await forged(withManifest))
    expect((await importDatabase(path, {...other, force: false})).date).toBe('2025-12-01')
  })

  const cases: [what: string, bytes: () => Promise<Uint8Array>, says: RegExp][] = [
    ['nothing', async () => Buffer.alloc(0), /there is no manifest.json in it|ends|no end/],
    ['text', async () => Buffer.from('hello '.repeat(300)), /tar|header/i],
    ['cut', async () => (await exported()).bytes.subarray(0, -200), /damaged|ends/],
    [
      'a byte changed',
      async () => {
        const {bytes} = await exported()
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
        return bytes
      },
      /damaged|is not what|tar/,
    ],
    [
      'a table changed, and compressed again',
      () =>
        forged((items, manifest) =>
          withManifest(
            items.map(item => (item.name === 'kev.tsv' ? file('kev.tsv', 'x') : item)),
            manifest,
          ),
        ),
      /kev.tsv is not what its manifest says/,
    ],
    [
      'a table missing',
      () => forged((items, manifest) => withManifest(items.slice(1), manifest)),
      /advisories\/edge.tsv is missing/,
    ],
    [
      'a table too many',
      () => forged((items, manifest) => withManifest([...items, file('more.tsv')], manifest)),
      /more.tsv is not what its manifest says/,
    ],
    ['no manifest', () => forged(items => items), /there is no manifest.json in it/],
    [
      'a manifest that was changed',
      () =>
        forged((items, manifest) => [
          file(manifestName, seal(JSON.stringify(manifest)).replace('2026', '2027')),
          ...items,
        ]),
      /its content is not what its last line says/,
    ],
    ['a manifest that is no JSON', () => forged(items => [file(manifestName, seal('{')), ...items]), /is not JSON/],
    [
      'a manifest of another kind',
      () => forged(items => [file(manifestName, seal('[]')), ...items]),
      /of another version of piton/,
    ],
    [
      'a path that leads out',
      () => forged((items, manifest) => withManifest([...items, file('../../evil.tsv', 'x')], manifest)),
      /it holds "\.\.\/\.\.\/evil.tsv"/,
    ],
    [
      'an absolute path',
      () => forged((items, manifest) => withManifest([...items, file('/etc/evil.tsv', 'x')], manifest)),
      /it holds "\/etc\/evil.tsv"/,
    ],
    [
      'a link',
      () => forged((items, manifest) => withManifest([...items, symlink('advisories/x.tsv', '/etc/passwd')], manifest)),
      /it holds "advisories\/x.tsv"/,
    ],
    [
      'a file twice',
      () => forged((items, manifest) => withManifest([...items, ...items.slice(0, 1)], manifest)),
      /it holds "advisories\/edge.tsv"/,
    ],
    [
      'keys',
      () => forged((items, manifest) => withManifest([...items, file('apk/keys.tsv', 'x')], manifest)),
      /it holds "apk\/keys.tsv"/,
    ],
    [
      'a claim of 4 GB',
      () => forged((items, manifest) => withManifest([file('huge.tsv', '', {size: 4e9}), ...items], manifest)),
      /it holds more than|damaged|ends/,
    ],
  ]
  test.each(cases)('%s', async (_what, bytes, says) => {
    const other = await refreshing()
    const path = join(other.shipped, 'x.tar.gz')
    writeFileSync(path, await bytes())
    for (const force of [false, true]) {
      await expect(importDatabase(path, {...other, force})).rejects.toThrow(
        expect.objectContaining({code: 'DATABASE_BUNDLE', message: expect.stringMatching(says)}),
      )
    }
    expect(() => openDatabase(other.places.database)).toThrow('is not an advisory database')
  })

  test('hashes that fit over tables that do not', async () => {
    const other = await refreshing()
    const path = join(other.shipped, 'x.tar.gz')
    const text = '# piton advisories 1; date=2026-03-01; source=x; branch=edge; count=7\n'
    const bytes = await forged((items, manifest) => {
      const digest = {sha256: createHash('sha256').update(text).digest('hex'), sizeBytes: text.length}
      const files = {...(manifest['files'] as object), 'advisories/edge.tsv': digest}
      return withManifest(
        items.map(item => (item.name === 'advisories/edge.tsv' ? file('advisories/edge.tsv', text) : item)),
        {...manifest, files},
      )
    })
    writeFileSync(path, bytes)
    await expect(importDatabase(path, {...other, force: true})).rejects.toThrow('holds 0 of the 7 ids')
  })
})

describe('verify', () => {
  test('a database that is whole', async () => {
    const {database} = await exported()
    expect(verifyDatabase(database.location)).toMatchObject({problems: [], hasManifest: true, advisories: 93})
  })

  test.each<[what: string, path: string, change: (text: string) => string, says: string]>([
    [
      'a byte',
      'advisories/v3.19.tsv',
      text => text.replace('1.3-r0', '1.4-r0'),
      'advisories/v3.19.tsv is not what it was when it was written',
    ],
    ['an advisory less', 'advisories/v3.19.tsv', text => text.replace(/\npackage3.*/, ''), 'holds 30 of the 31 ids'],
    ['the order', 'kev.tsv', text => `${text}CVE-1999-0001\t2020-01-01\n`, 'kev.tsv is out of order at CVE-1999-0001'],
    [
      'a rating',
      'severities.tsv',
      text => text.replace(/(CVE-2025-1003\t)7\.5/, '$17,5'),
      'severities.tsv is damaged at "CVE-2025-1003"',
    ],
    [
      'a score',
      'epss.tsv',
      text => text.replace(/(CVE-2025-1003\t)0\.5/, '$15'),
      'epss.tsv is damaged at "CVE-2025-1003"',
    ],
    ['the end', 'epss.tsv', text => text.slice(0, -3), 'epss.tsv ends in the middle of a line'],
    [
      'the manifest',
      'manifest.json',
      text => text.replace('2026-01-15', '2026-01-16'),
      'its content is not what its last line says',
    ],
  ])('%s that was changed', async (_what, path, change, says) => {
    const {database} = await exported()
    const full = join(database.location, path)
    writeFileSync(full, change(readFileSync(full, 'utf8')))
    expect(verifyDatabase(database.location).problems.join('\n')).toContain(says)
  })

  test('what ships is whole, row by row', () => {
    const {problems, hasManifest, advisories} = verifyDatabase(join(import.meta.dirname, '../../../data'))
    expect([problems, hasManifest]).toEqual([[], false])
    expect(advisories).toBeGreaterThan(80_000)
  })
})
