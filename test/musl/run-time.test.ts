import {describe, expect, test} from 'vitest'
import {libraryOf, listedExports} from '../../src/musl/index.js'
import {dynamicOf, info, R} from '../support/elf-dynamic.js'
import {type Cases, interpreter, summary, verdictOf} from './loader-cases.js'

type Spec = Parameters<typeof dynamicOf>[0]
const host = libraryOf('x86_64', listedExports(new Set(['napi_create_function'])))
const opened = (spec: Spec, lazily = true) => ({
  files: {'/p.node': dynamicOf(spec)},
  path: '/p.node',
  circumstances: {host, binding: lazily ? ('lazy' as const) : ('now' as const)},
})

/** Section 7: what dlopen puts off, and what plugins see. */
const plugins: Cases = [
  ['the host has its own interface', opened({uses: [['napi_create_function', R.call]]}), 'loads'],
  ['musl is there, though the plugin does not name it', opened({uses: [['printf', R.call]]}), 'loads'],
  ['a missing function that is only called', opened({uses: [['a', R.call]]}), 'loads, a when called (p.node)'],
  ['or stands in the offset table', opened({uses: [['a', R.got]]}), 'loads, a when called (p.node)'],
  [
    'but not one in data',
    opened({
      uses: [
        ['a', R.call],
        ['a', R.word],
      ],
    }),
    'symbol_not_found, a (p.node)',
  ],
  ['RTLD_NOW', opened({uses: [['a', R.call]]}, false), 'symbol_not_found, a (p.node)'],
  ['DF_1_NOW', opened({uses: [['a', R.call]], flags1: 1}), 'symbol_not_found, a (p.node)'],
  ['DF_BIND_NOW', opened({uses: [['a', R.call]], dynamic: [[30, 8]]}), 'symbol_not_found, a (p.node)'],
  [
    'DT_BIND_NOW without a value does not count',
    opened({uses: [['a', R.call]], dynamic: [[24, 0]]}),
    'loads, a when called (p.node)',
  ],
  ['DT_BIND_NOW', opened({uses: [['a', R.call]], dynamic: [[24, 1]]}), 'symbol_not_found, a (p.node)'],
  [
    'musl 1.1.16 puts off nothing',
    {...opened({uses: [['a', R.call]]}), version: '1.1.16'},
    'symbol_not_found, a (p.node)',
  ],
  [
    'each object decides for itself',
    {
      files: {
        '/p.node': dynamicOf({needed: ['liba.so'], uses: [['a', R.call]]}),
        '/lib/liba.so': dynamicOf({uses: [['b', R.call]], flags1: 1}),
      },
      path: '/p.node',
      circumstances: {host},
    },
    'symbol_not_found, b (lib/liba.so), a when called (p.node)',
  ],
  [
    'riscv64 has no type for the offset table',
    {
      files: {
        '/p.node': dynamicOf({
          machine: 'riscv64',
          uses: [
            ['a', 2],
            ['b', 5],
          ],
        }),
      },
      path: '/p.node',
      machine: 'riscv64',
      circumstances: {binding: 'lazy'},
    },
    'symbol_not_found, a (p.node), b when called (p.node)',
  ],
  [
    'its own thread-local storage with a static offset',
    opened({defines: [{name: 't', info: info.tls}], uses: [['t', R.tpoff]]}),
    'unsupported_relocation, R_X86_64_TPOFF64 x1 (p.node)',
  ],
  [
    'also without a symbol',
    opened({
      uses: [
        ['', R.tpoff],
        ['', R.tpoff],
      ],
    }),
    'unsupported_relocation, R_X86_64_TPOFF64 x2 (p.node)',
  ],
]

describe('plugins', () => {
  test.each(plugins)('%s', (_, given, expected) => expect(summary(verdictOf(given))).toBe(expected))
})

const hostFiles = {
  '/bin/host': dynamicOf({
    interpreter,
    needed: ['libc.so', 'libh.so'],
    runpath: '/host',
    defines: ['from_host', {name: 'tls', info: info.tls}],
    uses: [['host_misses', R.call]],
  }),
  '/host/libh.so': dynamicOf({defines: ['from_library'], needed: ['libgone.so']}),
}

/** What a program of the root brought in counts for its plugins. */
const hosted: Cases = (
  [
    [
      'symbols of the host and of its libraries',
      {
        uses: [
          ['from_host', R.word],
          ['from_library', R.word],
        ],
      },
      'loads',
    ],
    ['libraries that are loaded already', {needed: ['libh.so'], uses: [['from_library', R.word]]}, 'loads'],
    ['run paths of the host', {needed: ['libh.so']}, 'loads'],
    ['static TLS of the host', {uses: [['tls', R.tpoff]]}, 'loads'],
    ['what the host itself misses is not the plugin’s fault', {}, 'loads'],
  ] as const
).map(([name, spec, expected]) => [
  name,
  {files: {...hostFiles, '/p.so': dynamicOf(spec as Spec)}, path: '/p.so', circumstances: {host: '/bin/host'}},
  expected,
])

describe('plugins of a program in the root', () => {
  test.each(hosted)('%s', (_, given, expected) => expect(summary(verdictOf(given))).toBe(expected))
})

test('a library that the host loaded is judged alone', () => {
  const verdict = verdictOf({files: hostFiles, path: '/host/libh.so', circumstances: {host: '/bin/host'}})
  expect(verdict.closure).toEqual(['/host/libh.so'])
})
