import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {gzipSync} from 'node:zlib'
import {expect, test} from 'vitest'
import {FeedFolder} from '../../src/advisory/feed-folder.js'
import {type RepositoryIndex, readIndexes} from '../../src/advisory/repository-indexes.js'
import {compileSoProviders, openSoProviders, soProvidersPath} from '../../src/advisory/so-providers.js'
import {readIndexArchive} from '../../src/apk/index-archive.js'
import {parsePackageIndex} from '../../src/apk/package-index.js'
import {interpreterPackages} from '../../src/rules/musl/interpreter-packages.js'
import {shared} from '../support/shared.js'
import {file, tarOf} from '../support/tar.js'
import {temporaryFolder} from './feeds-folder.js'

/** A folder of feeds with these indexes, each package as `name soname[ priority]`. */
function indexesOf(indexes: Readonly<Record<string, readonly string[]>>): Promise<RepositoryIndex[]> {
  const folder = temporaryFolder()
  for (const [repository, packages] of Object.entries(indexes)) {
    const records = packages.map(text => {
      const [name, soname, priority = '0'] = text.split(' ')
      return `P:${name}\nV:1-r0\nt:1685000000\nk:${priority}\np:so:${soname}=1 cmd:${name}=1\n`
    })
    const path = join(folder, 'apkindex', repository, 'x86_64/APKINDEX.tar.gz')
    mkdirSync(dirname(path), {recursive: true})
    writeFileSync(path, gzipSync(tarOf([file('APKINDEX', records.join('\n'))])))
  }
  return readIndexes(new FeedFolder(folder))
}

test('the table names the packages of a soname, the newest branch first and then by priority', async () => {
  const text = compileSoProviders(
    await indexesOf({
      'v3.9/main': ['expat libexpat.so.1'],
      'v3.17/main': ['libexpat libexpat.so.1', 'libz libz.so.1', 'zlib-ng libz.so.1 10'],
      'v3.17/community': ['libexpat libexpat.so.1'],
      'not-a-branch/main': ['x libx.so'],
    }),
  )
  expect(text).toBe(
    [
      '# piton providers 1; date=2023-05-25; source=Alpine package indexes; repositories=v3.17/community v3.17/main v3.9/main',
      'libexpat.so.1\tlibexpat v3.17/community v3.17/main\texpat v3.9/main',
      'libz.so.1\tzlib-ng v3.17/main\tlibz v3.17/main',
      '',
    ].join('\n'),
  )
  const folder = temporaryFolder()
  mkdirSync(dirname(join(folder, soProvidersPath)))
  writeFileSync(join(folder, soProvidersPath), text ?? '')
  const providers = openSoProviders(folder)
  expect(providers?.date).toBe('2023-05-25')
  expect(providers?.find('libz.so.1')).toEqual([
    {package: 'zlib-ng', repositories: ['v3.17/main']},
    {package: 'libz', repositories: ['v3.17/main']},
  ])
  expect(providers?.find('libnone.so.1')).toEqual([])
})

test('feeds without indexes make no table, and a database without a table has none', async () => {
  expect(compileSoProviders(await indexesOf({}))).toBeNull()
  expect(openSoProviders(temporaryFolder())).toBeNull()
})

test('what ships knows the libraries that programs ask for most', () => {
  const providers = openSoProviders(fileURLToPath(new URL('../../data', import.meta.url)))
  const names = ['libstdc++.so.6', 'libgcc_s.so.1', 'libz.so.1', 'libssl.so.3', 'libssl.so.1.1']
  expect(names.map(name => providers?.find(name)[0]?.package)).toEqual([
    'libstdc++',
    'libgcc',
    'zlib',
    'libssl3',
    'libssl1.1',
  ])
})

const index = shared('feeds/apkindex/v3.17/main/x86_64/APKINDEX.tar.gz')
test.skipIf(index === null)('the packages that scripts are told to install exist, and bring the program', async () => {
  const packages = parsePackageIndex(await readIndexArchive(readFileSync(index ?? ''), 'APKINDEX.tar.gz'))
  const byName = new Map(packages.map(one => [one.name, one]))
  const wrong = [...interpreterPackages].filter(([program, name]) => {
    const found = byName.get(name)
    return found !== undefined && !found.provides.some(text => text.startsWith(`cmd:${program}=`))
  })
  expect(wrong.map(([program]) => program)).toEqual([])
  // These are in community, which this index is not of.
  const unknown = [...interpreterPackages.values()].filter(name => !byName.has(name))
  expect([...new Set(unknown)].sort()).toEqual(['R', 'tcsh'])
})
