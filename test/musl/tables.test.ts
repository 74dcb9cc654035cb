import {existsSync, readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {compileLibcTables} from '../../src/musl/compile-tables.js'
import {LibcTables, type MuslMachine, muslMachines, parseMuslVersion, type TableName} from '../../src/musl/index.js'
import {SymbolName} from '../../src/musl/symbol-name.js'
import {SharedBeginnings, shareBeginnings} from '../../src/musl/tables/text.js'
import {shared} from '../support/shared.js'

const data = (name: TableName) => readFileSync(new URL(`../../data/libc/${name}.tsv`, import.meta.url), 'utf8')
const tables = new LibcTables(data)

/** From the release notes of musl and its source, by version and architecture. */
const exported: readonly (readonly [name: string, architecture: string, version: string, expected: boolean])[] = [
  ['printf', 'x86_64', '1.1.5', true],
  ['gettid', 'x86_64', '1.2.1', false],
  ['gettid', 'x86_64', '1.2.2', true],
  ['qsort_r', 'aarch64', '1.2.2', false],
  ['qsort_r', 'aarch64', '1.2.3', true],
  ['fopen64', 'x86_64', '1.2.3', true],
  ['fopen64', 'x86_64', '1.2.4', false],
  ['renameat2', 'x86_64', '1.2.5', false],
  ['renameat2', 'x86_64', '1.2.6', true],
  ['renameat2', 'x86_64', '1.9.0', true],
  ['arch_prctl', 'x86_64', '1.2.5', true],
  ['arch_prctl', 'riscv64', '1.2.5', false],
  ['__adjtime64', 'arm', '1.2.5', true],
  ['__adjtime64', 'arm', '1.1.24', false],
  ['__adjtime64', 'x86_64', '1.2.5', false],
  ['__snprintf_chk', 'x86_64', '1.2.5', false],
  ['__libc_start_main', 'loongarch64', '1.2.6', true],
]
test.each(exported)('musl: %s on %s in %s: %s', (name, architecture, version, expected) => {
  const machine = muslMachines.find(({tableArch}) => tableArch === architecture) as MuslMachine
  const {exports} = tables.musl(parseMuslVersion(version) ?? [0, 0, 0], machine)
  expect(exports.offers(SymbolName.of(name), 'definition')).toBe(expected)
})

test.each([
  ['__res_init', ['c'], '2.2.5'],
  ['strlcpy', ['c'], '2.38'],
  ['dlopen', ['c', 'dl'], '2.2.5'],
])('glibc: %s', (name, libraries, since) => expect(tables.glibc(name)).toEqual({libraries, since}))

test.each([
  ['libstdc++.so.6', '_ZSt4cout', true],
  ['libstdc++.so.6', '_Unwind_Resume', false],
  ['libgcc_s.so.1', '_Unwind_Resume', true],
  ['node', 'napi_create_function', true],
  ['node', '_ZN2v87Isolate10GetCurrentEv', true],
  ['node', '_ZN2v87Isolate11NoSuchThingEv', false],
  ['node', 'SSL_new', true],
  ['node', 'printf', false],
  ['libunknown.so', 'printf', false],
])('%s has %s: %s', (library, name, expected) => {
  expect(tables.runtimeLibrary(library).offers(SymbolName.of(name), 'definition')).toBe(expected)
})

describe('knowledge of missing libraries', () => {
  test.each([
    ['libresolv.so.2', '__res_nquery', true],
    ['libresolv.so.2', 'printf', false],
    ['ld-linux-x86-64.so.2', '__tls_get_addr', true],
    ['ld-linux-aarch64.so.1', 'printf', false],
    ['libstdc++.so.6', '_ZSt4cout', true],
    ['libstdc++.so.6', 'printf', false],
    ['libfoo.so.1', 'foo', null],
  ])('%s offers %s: %s', (library, name, expected) => expect(tables.knowledge.offers(library, name)).toBe(expected))
})

test.each([
  ['__snprintf_chk', 'fortify', 'rebuild', null, true],
  ['fts_open', 'fts', 'package', 'musl-fts', false],
  ['obstack_free', 'obstack', 'package', 'musl-obstack', false],
  ['gettid', 'newer-musl', 'upgrade-musl', null, false],
  ['mallinfo', 'malloc-tuning', 'code-change', null, true],
  ['__isoc23_strtol', 'isoc23', 'rebuild', null, false],
  ['__wcsnrtombs_chk', 'fortify', 'rebuild', null, false],
  ['no_such_symbol', 'glibc-only', 'code-change', null, false],
])('remedy for %s', (name, id, kind, packageName, gcompat) => {
  expect(tables.remedy(name)).toMatchObject({id, kind, package: packageName, gcompat})
})

test('names share their beginnings, and get them back', () => {
  const names = ['_ZSt4cout', '_ZSt4cin', 'a', '', '_ZSt']
  const back = new SharedBeginnings()
  expect(shareBeginnings(names).map(([shared, rest]) => back.next(shared, rest))).toEqual(names.toSorted())
})

test('a table of another kind or format is refused', () => {
  const of = (text: string) => () => new LibcTables(() => text).glibc('printf')
  expect(of('# piton musl 1; date=none; source=x\n')).toThrow(/glibc\.tsv does not begin with "# piton glibc 1;"/)
  expect(of('# piton glibc 2; date=none; source=x\n')).toThrow(/glibc\.tsv/)
  expect(of('')).toThrow(/glibc\.tsv/)
})

describe('compiling', () => {
  const folder = shared('libc')
  const read = (file: string) => {
    const path = `${folder}/${file}`
    return existsSync(path) ? readFileSync(path, 'utf8') : null
  }

  test.skipIf(folder === null)('the tables in data/libc are what the documents make', () => {
    const compiled = compileLibcTables(read)
    // What Node.js exports is not among the documents.
    for (const name of ['musl', 'glibc', 'helpers', 'remedies'] as const) expect(compiled.get(name)).toBe(data(name))
  })

  test.skipIf(folder === null)('without the exports of Node.js all of V8 is taken for granted', () => {
    const text = compileLibcTables(read).get('runtime') ?? ''
    expect(new LibcTables(() => text).nodeHost.offers(SymbolName.of('_ZN2v87Isolate11NoSuchThingEv'), 'address')).toBe(
      true,
    )
  })

  test('a document that is missing, or is none', () => {
    expect(() => compileLibcTables(() => null)).toThrow(/musl-symbols\.json is missing/)
    expect(() => compileLibcTables(() => 'x')).toThrow(/musl-symbols\.json is no JSON/)
    expect(() => compileLibcTables(() => '{}')).toThrow(/has another shape/)
  })
})
