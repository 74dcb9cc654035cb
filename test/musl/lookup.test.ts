import {describe, expect, test} from 'vitest'
import {dynamicOf, info, R} from '../support/elf-dynamic.js'
import {type Cases, interpreter, summary, verdictOf} from './loader-cases.js'

type Spec = Parameters<typeof dynamicOf>[0]
const program = (spec: Spec) => dynamicOf({interpreter, needed: ['libc.so', 'liba.so'], ...spec})

/** A program that wants `a`, and a library that has it in some way. */
function offered(define: NonNullable<Spec['defines']>[number], type: number = R.got, spec: Spec = {}) {
  return {files: {'/bin/p': program({uses: [['a', type]]}), '/lib/liba.so': dynamicOf({defines: [define], ...spec})}}
}

/** Section 5: which entries of a library's symbol table a lookup takes. */
const definitions: Cases = [
  ['a global function', offered('a'), 'loads'],
  ['weak: as good as global', offered({name: 'a', info: info.weak}), 'loads'],
  ['unique', offered({name: 'a', info: info.unique}), 'loads'],
  ['an object', offered({name: 'a', info: info.object}), 'loads'],
  ['thread-local at 0', offered({name: 'a', info: info.tls, value: 0}), 'loads'],
  ['IFUNC does not exist for musl', offered({name: 'a', info: info.ifunc}), 'symbol_not_found, a (bin/p)'],
  ['a value of 0', offered({name: 'a', value: 0}), 'symbol_not_found, a (bin/p)'],
  ['local', offered({name: 'a', info: info.local}), 'symbol_not_found, a (bin/p)'],
  ['only a hidden version', offered({name: 'a', hidden: true}), 'symbol_not_found, a (bin/p)'],
  ['DT_HASH alone', offered('a', R.got, {hashes: ['sysv']}), 'loads'],
  ['DT_GNU_HASH alone', offered('a', R.got, {hashes: ['gnu']}), 'loads'],
  ['no hash table: invisible', offered('a', R.got, {hashes: []}), 'symbol_not_found, a (bin/p)'],
  [
    'an undefined symbol with a value is an address, not a definition',
    offered({name: 'a', section: 0}, R.got, {hashes: ['sysv']}),
    'loads',
  ],
  [
    'and a call wants a definition',
    offered({name: 'a', section: 0}, R.call, {hashes: ['sysv']}),
    'symbol_not_found, a (bin/p)',
  ],
  [
    'a hidden version is passed by for the default one',
    offered({name: 'a', hidden: true}, R.got, {defines: [{name: 'a', hidden: true}, 'a']}),
    'loads',
  ],
  [
    'the version that is asked for does not matter',
    {
      files: {
        '/bin/p': program({uses: [['printf', R.call, {version: ['GLIBC_2.99', 'libc.so.6']}]]}),
        '/lib/liba.so': dynamicOf({}),
      },
    },
    'loads',
  ],
]

/** Section 6: relocations are all that counts. */
const relocations: Cases = [
  [
    'a symbol that no relocation names is never looked up',
    {files: {'/bin/p': program({uses: [['a', 0]]}), '/lib/liba.so': dynamicOf({})}},
    'loads',
  ],
  [
    'undefined and weak',
    {files: {'/bin/p': program({uses: [['a', R.got, {info: info.weak}]]}), '/lib/liba.so': dynamicOf({})}},
    'loads',
  ],
  [
    'weak and defined, in a way that musl does not accept',
    {
      files: {
        '/bin/p': program({defines: [{name: 'a', info: info.ifunc}], uses: [['a', R.got]]}),
        '/lib/liba.so': dynamicOf({}),
      },
    },
    'symbol_not_found, a (bin/p)',
  ],
  [
    'local symbols are taken as they are',
    {
      files: {
        '/bin/p': program({uses: [['a', R.word, {info: info.local, section: 1, value: 1}]]}),
        '/lib/liba.so': dynamicOf({}),
      },
    },
    'loads',
  ],
  [
    'before 1.1.24 only those of sections were',
    {
      files: {
        '/bin/p': program({
          uses: [
            ['a', R.word, {info: info.local, section: 1, value: 1}],
            ['b', R.word, {info: info.localSection, section: 1, value: 1}],
          ],
        }),
        '/lib/liba.so': dynamicOf({}),
      },
      version: '1.1.23',
    },
    'symbol_not_found, a (bin/p)',
  ],
  [
    'a symbol of the object itself',
    {files: {'/bin/p': program({defines: ['a'], uses: [['a', R.got]]}), '/lib/liba.so': dynamicOf({})}},
    'loads',
  ],
  [
    'a copy comes from a library, not from the program that has room for it',
    {
      files: {
        '/bin/p': program({
          defines: [{name: 'error_message_count', info: info.object}],
          uses: [['error_message_count', R.copy]],
        }),
        '/lib/liba.so': dynamicOf({}),
      },
    },
    'symbol_not_found, error_message_count (bin/p)',
  ],
  [
    'and is found there',
    {
      files: {
        '/bin/p': program({defines: [{name: 'stdout', info: info.object}], uses: [['stdout', R.copy]]}),
        '/lib/liba.so': dynamicOf({}),
      },
    },
    'loads',
  ],
  [
    'the program serves its libraries',
    {
      files: {
        '/bin/p': program({defines: ['a']}),
        '/lib/liba.so': dynamicOf({needed: ['libb.so'], uses: [['a', R.call]]}),
        '/lib/libb.so': dynamicOf({uses: [['a', R.call]]}),
      },
    },
    'loads',
  ],
  [
    'a symbol that a library misses is reported with the library',
    {files: {'/bin/p': program({}), '/lib/liba.so': dynamicOf({uses: [['a', R.call]]})}},
    'symbol_not_found, a (lib/liba.so)',
  ],
  [
    'once, however many relocations want it',
    {
      files: {
        '/bin/p': program({
          uses: [
            ['a', R.call],
            ['a', R.got],
            ['a', R.word],
            ['a', R.word],
          ],
        }),
        '/lib/liba.so': dynamicOf({}),
      },
    },
    'symbol_not_found, a (bin/p)',
  ],
  [
    'calls put off nothing when a program starts',
    {files: {'/bin/p': program({uses: [['a', R.call]], flags1: 0x0800_0000}), '/lib/liba.so': dynamicOf({})}},
    'symbol_not_found, a (bin/p)',
  ],
  [
    'IRELATIVE',
    {
      files: {
        '/bin/p': program({
          uses: [
            ['', R.irelative],
            ['', R.irelative],
            ['', R.relative],
          ],
        }),
        '/lib/liba.so': dynamicOf({}),
      },
    },
    'unsupported_relocation, R_X86_64_IRELATIVE x2 (bin/p)',
  ],
  [
    'a missing symbol is worse, and a missing library worst',
    {
      files: {
        '/bin/p': program({
          uses: [
            ['', R.irelative],
            ['a', R.call],
          ],
        }),
      },
    },
    'missing_library, liba.so missing (bin/p), a (bin/p), R_X86_64_IRELATIVE x1 (bin/p)',
  ],
]

/** Section 6, step 3: names for large files. */
const largeFiles: Cases = (
  [
    ['fopen64', '1.2.5', true],
    ['fopen64', '1.2.4', true],
    ['fopen64', '1.2.3', false],
    ['readdir64_r', '1.2.5', true],
    ['posix_fallocate64', '1.2.5', false],
    ['posix_fallocate64', '1.2.6', true],
    ['printf64', '1.2.6', false],
    ['fcntl64', '1.2.6', false],
  ] as const
).map(([name, version, loads]) => [
  `${name} on ${version}`,
  {files: {'/bin/p': program({uses: [[name, R.call]]}), '/lib/liba.so': dynamicOf({})}, version},
  loads ? 'loads' : `symbol_not_found, ${name} (bin/p)`,
])

describe('definitions', () => {
  test.each(definitions)('%s', (_, given, expected) => expect(summary(verdictOf(given))).toBe(expected))
})
describe('relocations', () => {
  test.each(relocations)('%s', (_, given, expected) => expect(summary(verdictOf(given))).toBe(expected))
})
describe('large files', () => {
  test.each(largeFiles)('%s', (_, given, expected) => expect(summary(verdictOf(given))).toBe(expected))
})

/** Section 6: the types that musl/arch/ARCH/reloc.h names, and the one that every toolchain for glibc adds. */
const machines = [
  ['x86_64', [1, 6, 7, 8, 5, 16, 17, 18, 36, 2], 37, 'R_X86_64_IRELATIVE'],
  ['aarch64', [257, 1025, 1026, 1027, 1024, 1028, 1029, 1030, 1031], 1032, 'R_AARCH64_IRELATIVE'],
  ['arm', [2, 21, 22, 23, 20, 17, 18, 19, 13], 160, 'R_ARM_IRELATIVE'],
  ['i386', [1, 6, 7, 8, 5, 35, 36, 14, 37, 41, 2], 42, 'R_386_IRELATIVE'],
  ['riscv64', [2, 5, 3, 4, 7, 9, 11, 12], 58, 'R_RISCV_IRELATIVE'],
  ['s390x', [22, 10, 11, 12, 9, 54, 55, 56], 61, 'R_390_IRELATIVE'],
  ['ppc64le', [38, 20, 21, 22, 19, 68, 78, 73, 43], 248, 'R_PPC64_IRELATIVE'],
  ['loongarch64', [2, 3, 4, 5, 7, 9, 11], 12, 'R_LARCH_IRELATIVE'],
] as const
test.each(machines)('relocation types of %s', (machine, supported, irelative, name) => {
  const file = dynamicOf({
    machine,
    needed: ['libc.so'],
    uses: [...supported, irelative].map(type => ['', type] as const),
  })
  const verdict = verdictOf({machine, files: {'/bin/p': file}, listed: true})
  expect(summary(verdict)).toBe(`unsupported_relocation, ${name} x1 (bin/p)`)
})

test('symbols say which missing library has them', () => {
  const files = {
    '/bin/p': dynamicOf({
      interpreter,
      needed: ['libc.so', 'libx.so.1', 'libresolv.so.2', 'liby.so.1'],
      uses: [
        ['versioned', R.call, {version: ['X_1', 'libx.so.1']}],
        ['old', R.call, {version: ['GLIBC_2.38', 'libc.so.6']}],
        ['__res_nquery', R.call],
        ['unknown', R.call],
      ],
    }),
  }
  const knowledge = {
    isGlibc: (name: string) => name === '__res_nquery',
    offers: (library: string, name: string) => (library === 'libresolv.so.2' ? name === '__res_nquery' : null),
  }
  const {missingSymbols} = verdictOf({files, environment: {knowledge}})
  expect(missingSymbols.map(({name, version, glibc, explainedBy}) => [name, version, glibc, explainedBy])).toEqual([
    ['__res_nquery', null, true, 'libresolv.so.2'],
    ['old', 'GLIBC_2.38', true, null],
    ['unknown', null, false, 'libx.so.1'],
    ['versioned', 'X_1', false, 'libx.so.1'],
  ])
})
