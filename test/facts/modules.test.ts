import {readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {collectorsFor, gatherFacts} from '../../src/facts/index.js'
import {LibcTables} from '../../src/musl/index.js'
import {type DynamicSpec, dynamicOf, R} from '../support/elf-dynamic.js'
import {file, type TarItem} from '../support/tar.js'
import {viewOf} from '../support/view.js'

const libc = new LibcTables(name => readFileSync(new URL(`../../data/libc/${name}.tsv`, import.meta.url), 'utf8'))

/** What an audit says of the files: outcome, packages, and what stands in the way. */
async function movesOf(items: readonly TarItem[], branch = 'v3.23'): Promise<readonly string[]> {
  const view = await viewOf([items], collectorsFor(false, true))
  const alpine = {branch, musl: '1.2.5', released: '2025-12-04', endOfLife: '2027-11-01', latest: '3.23.0'}
  const {facts} = await gatherFacts(view, {
    database: null,
    today: '2026-01-01',
    libc,
    move: {alpine, gcompat: false},
    integrity: false,
  })
  return (facts.audit?.files ?? []).map(({path, outcome, packages, blockers}) =>
    [`${path}: ${outcome}`, ...packages, ...blockers].join(', '),
  )
}

const calls = (...names: string[]): NonNullable<DynamicSpec['uses']> => names.map(name => [name, R.call])
const elf = (path: string, spec: DynamicSpec): TarItem => file(path, dynamicOf(spec), {mode: 0o755})
const module = (path: string, entry: string, ...uses: string[]): TarItem =>
  elf(path, {needed: ['libc.so'], defines: [entry], uses: calls(...uses)})

/** Modules whose interpreter is not in the target. Names: PEP 3121 and 3149, Ruby's extension.rdoc, XSLoader. */
const modules: readonly (readonly [name: string, item: TarItem, move: string])[] = [
  [
    'a module of Python',
    module('numpy/_core/_simd.cpython-311-x86_64-linux-musl.so', 'PyInit__simd', 'PyLong_FromLong', '_Py_Dealloc'),
    'runs',
  ],
  ['with the stable ABI', module('c/_rust.abi3.so', 'PyInit__rust', 'PyErr_Format', 'strlen'), 'runs'],
  [
    'Python binds all of it when it opens it',
    module('c/_rust.abi3.so', 'PyInit__rust', 'PyErr_Format', '__strdup'),
    'rebuild, symbol __strdup',
  ],
  [
    'what begins like Python, in a library that is no module of it',
    module('c/libhelper.so', 'helper', 'PyErr_Format'),
    'rebuild, symbol PyErr_Format',
  ],
  ['a module of Ruby', module('lib/nokogiri/nokogiri.so', 'Init_nokogiri', 'rb_define_module'), 'runs'],
  ['Ruby binds calls late', module('lib/x/x.so', 'Init_x', 'rb_raise', '__strdup'), 'crashes'],
  [
    'a module of Perl',
    module('perl5/auto/List/Util/Util.so', 'boot_List__Util', 'Perl_sv_setiv', 'PL_thr_key'),
    'runs',
  ],
]

describe('modules whose interpreter is not in the target', () => {
  test.each(modules)('%s', async (_, item, move) => {
    expect((await movesOf([item])).map(found => found.split(': ')[1])).toEqual([move])
  })
})

test('a library that another folder has does not stand in the way of one that is opened beside it', async () => {
  const moves = await movesOf([
    elf('numpy.libs/libstdc++-5d72f927.so.6', {needed: ['libgcc_s-0cd532bd.so.1'], uses: calls('_Unwind_Resume')}),
    elf('numpy.libs/libgcc_s-0cd532bd.so.1', {defines: ['_Unwind_Resume']}),
  ])
  expect(moves.map(move => move.split(': ')[1])).toEqual(['runs', 'runs'])
})

/** Version nodes by GCC: https://gcc.gnu.org/onlinedocs/libstdc++/manual/abi.html; Alpine's GCC: its aports. */
const runtimes: readonly (readonly [symbol: string, version: string | null, branch: string, runs: boolean])[] = [
  ['_ZSt4cout', 'GLIBCXX_3.4', 'v3.17', true],
  ['_ZSt21ios_base_library_initv', 'GLIBCXX_3.4.32', 'v3.18', false],
  ['_ZSt21ios_base_library_initv', 'GLIBCXX_3.4.32', 'v3.19', true],
  ['_ZNSt12__format_newEv', 'GLIBCXX_3.4.34', 'v3.21', false],
  ['_ZNSt12__format_newEv', 'GLIBCXX_3.4.34', 'v3.23', true],
  ['_ZNSt12__format_newEv', 'GLIBCXX_3.4.40', 'v3.23', false],
  ['_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE15_M_replace_coldEPcmPKcmm', null, 'v3.23', true],
  ['_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE15_M_replace_coldEPcmPKcmm', null, 'v3.18', false],
  ['_ZN3app4mainEv', null, 'v3.23', false],
]

test.each(runtimes)('%s of %s on Alpine %s: %s', async (symbol, version, branch, runs) => {
  const uses: NonNullable<DynamicSpec['uses']> = [
    [symbol, R.call, version === null ? {} : {version: [version, 'libstdc++.so.6']}],
  ]
  const moves = await movesOf([elf('app/x.so', {needed: ['libstdc++.so.6'], uses})], branch)
  expect(moves).toEqual([runs ? 'app/x.so: packages, libstdc++' : `app/x.so: rebuild, libstdc++, symbol ${symbol}`])
})
