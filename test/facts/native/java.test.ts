import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {listNativeModules, nativeCollectors} from '../../../src/facts/native/index.js'
import {tinyElf} from '../../support/alpine.js'
import {shared} from '../../support/shared.js'
import {file} from '../../support/tar.js'
import {viewOf} from '../../support/view.js'
import {type ZipItem, zipOf} from '../../support/zip.js'

const library = (name: string, more: Partial<ZipItem> = {}): ZipItem => ({
  name,
  body: tinyElf(),
  deflated: true,
  ...more,
})
const jar = (...items: ZipItem[]): ZipItem => ({name: 'BOOT-INF/lib/jna-5.13.0.jar', body: zipOf(items)})

const cases: [name: string, items: readonly ZipItem[], expected: readonly string[]][] = [
  ['no library', [{name: 'A.class', body: Buffer.from('x')}], []],
  ['a name that says glibc', [library('linux-x64-gnu/libx.so')], ['app 1.2 x86_64 glibc linux-x64-gnu/libx.so']],
  [
    'a pair',
    [library('org/x/Linux-Musl/x86_64/libx.so'), library('org/x/linux-glibc/x86_64/libx.so')],
    [
      'app 1.2 x86_64 musl org/x/Linux-Musl/x86_64/libx.so',
      'app 1.2 x86_64 glibc org/x/linux-glibc/x86_64/libx.so twin',
    ],
  ],
  ['a name that says nothing', [library('linux/amd64/libx-1.so')], ['app 1.2 x86_64 unknown linux/amd64/libx-1.so']],
  ['other systems', [library('freebsd/libx.so'), library('android-arm64/libx.so')], []],
  ['a library that is none', [{name: 'libx.so', body: Buffer.from('not ELF')}], []],
  ['a nested archive, stored', [jar(library('linux-gnu/libj.so'))], ['jna 5.13.0 x86_64 glibc linux-gnu/libj.so']],
  [
    'a nested archive, deflated',
    [{...jar(library('linux-gnu/libj.so')), deflated: true}],
    ['jna 5.13.0 x86_64 glibc linux-gnu/libj.so'],
  ],
  ['two levels deep', [jar(jar(library('linux-gnu/libj.so')))], []],
  ['a size that is a lie', [library('libx.so', {sizeBytes: 1})], []],
  ['a size that is a bomb', [library('libx.so', {sizeBytes: 0xfffffffe})], []],
  ['a method that nobody knows', [library('libx.so', {method: 99})], []],
]
for (const [name, items, expected] of cases) {
  test(`Java: ${name}`, async () => {
    const view = await viewOf([[file('opt/app-1.2.jar', zipOf(items))]], nativeCollectors)
    const found = listNativeModules(view, []).flatMap(({name, version, files}) =>
      files.map(({path, machine, builtFor, twin}) => {
        const within = path.slice(path.lastIndexOf('!/') + 2)
        return [name, version, machine, builtFor, within, ...(twin === null ? [] : ['twin'])].join(' ')
      }),
    )
    expect(found).toEqual(expected)
  })
}

test('Java: an archive that is cut off is a warning, and hides', async () => {
  const whole = zipOf([library('libx.so')])
  const view = await viewOf([[file('a.jar', whole.subarray(0, whole.length - 30))]], nativeCollectors)
  expect(view.warnings.map(({code, path, hides}) => [code, path, hides])).toEqual([
    ['ARCHIVE_BAD_HEADER', 'a.jar', true],
  ])
})

const expected = shared('corpus/elf/expected.ndjson')
test.skipIf(expected === null)('Java: a real file tells its C library itself', async () => {
  const lines = readFileSync(expected ?? '', 'utf8')
    .trim()
    .split('\n')
  const known: {file: string; libc: string; link: string}[] = lines.map(line => JSON.parse(line))
  const dynamic = known.filter(({link}) => link === 'dynamic')
  const items = dynamic.map(({file, libc}) => ({
    name: `${libc}/${file}.so`,
    body: readFileSync(shared(`corpus/elf/${file}`) ?? ''),
  }))
  const view = await viewOf([[file('a.jar', zipOf(items))]], nativeCollectors)
  const found = listNativeModules(view, []).flatMap(({files}) => files)
  expect(found).toHaveLength(dynamic.length)
  for (const {path, builtFor} of found) expect(`a.jar!/${builtFor}/`, path).toBe(path.slice(0, path.indexOf('bin/')))
})
