import {describe, expect, test} from 'vitest'
import {LibcTables, libraryOf, MuslLoader, type MuslMachine, muslMachines, onAlpine} from '../../src/musl/index.js'
import {dynamicOf, R, rootOf, type Tree} from '../support/elf-dynamic.js'
import {summary} from './loader-cases.js'

/** Tables with a name or two of each kind. */
const rows = {
  helpers: [
    '@gcompat\tlibgcompat.so.0\n__snprintf_chk',
    '@libucontext\tlibucontext.so.1\nswapcontext',
    '@musl-obstack\tlibobstack.so.1\nobstack_free',
  ],
  runtime: ['@libgcc_s.so.1\n0\t_Unwind_Resume', '@libstdc++.so.6\n0\t_ZSt4cin', '@node\n~_ZN2v8\n0\tnapi_open'],
  musl: ['@x86_64\t1.2.4 1.2.5', '__libc_start_main\t*', 'printf\t*', 'stdin\t*'],
  glibc: ['__snprintf_chk\tc\t2.3.4', 'ns_name\tresolv\t2.9'],
  remedies: [],
}
const tables = new LibcTables(name => `# piton ${name} 1; date=none; source=test\n${rows[name].join('\n')}\n`)
const machine = muslMachines.find(({name}) => name === 'x86_64') as MuslMachine
const node = libraryOf('x86_64', tables.nodeHost)

function judged(files: Tree, path: string, gcompat: boolean): string {
  const musl = tables.musl([1, 2, 5], machine)
  const root = onAlpine(rootOf(files), {machine, musl, tables, gcompat})
  const loader = new MuslLoader(root, {machine, musl, knowledge: tables.knowledge})
  return summary(loader.judge(path, path.endsWith('.node') ? {host: node} : {}))
}

const program = (spec: Parameters<typeof dynamicOf>[0]) => ({
  '/bin/p': dynamicOf({interpreter: '/lib64/ld-linux-x86-64.so.2', ...spec}),
  // Of the system that the files come from; it does not move with them.
  '/lib64/ld-linux-x86-64.so.2': dynamicOf({defines: ['_dl_argv']}),
})
const plugin = (spec: Parameters<typeof dynamicOf>[0]) => ({'/p.node': dynamicOf(spec)})

/** Section 8: what gcompat changes, for programs and for plugins. */
const cases: readonly (readonly [name: string, files: Tree, without: string, with_: string])[] = [
  ['a program for glibc', program({needed: ['libc.so.6'], uses: [['printf', R.call]]}), 'interpreter_missing', 'loads'],
  [
    'gcompat is preloaded, with its company',
    program({
      needed: ['libc.so.6'],
      uses: [
        ['__snprintf_chk', R.call],
        ['swapcontext', R.call],
        ['obstack_free', R.call],
      ],
    }),
    'interpreter_missing, __snprintf_chk (bin/p), obstack_free (bin/p), swapcontext (bin/p)',
    'loads',
  ],
  [
    'the name of glibc’s loader is the loader’s own',
    program({needed: ['ld-linux-x86-64.so.2', 'libc.so.6']}),
    'interpreter_missing, ld-linux-x86-64.so.2 missing (bin/p)',
    'loads',
  ],
  [
    'a plugin gets nothing preloaded',
    plugin({needed: ['libc.so.6'], uses: [['__snprintf_chk', R.word]]}),
    'symbol_not_found, __snprintf_chk (p.node)',
    'symbol_not_found, __snprintf_chk (p.node)',
  ],
  [
    'but finds glibc’s loader as a file',
    plugin({needed: ['ld-linux-x86-64.so.2']}),
    'missing_library, ld-linux-x86-64.so.2 missing (p.node)',
    'loads',
  ],
  [
    'and gcompat through the names that musl leaves alone',
    plugin({needed: ['libresolv.so.2'], uses: [['__snprintf_chk', R.word]]}),
    'missing_library, libresolv.so.2 missing (p.node), __snprintf_chk (p.node)',
    'loads',
  ],
  [
    'runtime libraries are there with or without it',
    plugin({
      needed: ['libstdc++.so.6', 'libgcc_s.so.1'],
      uses: [
        ['_ZSt4cin', R.word],
        ['_ZSt4cout', R.word],
      ],
    }),
    'symbol_not_found, _ZSt4cout (p.node)',
    'symbol_not_found, _ZSt4cout (p.node)',
  ],
  [
    'Node.js offers its own',
    plugin({
      uses: [
        ['napi_open', R.word],
        ['_ZN2v87Isolate10GetCurrentEv', R.word],
      ],
    }),
    'loads',
    'loads',
  ],
]

describe('gcompat', () => {
  test.each(cases)('%s', (_, files, without, with_) => {
    const path = '/p.node' in files ? '/p.node' : '/bin/p'
    expect([judged(files, path, false), judged(files, path, true)]).toEqual([without, with_])
  })
})

test('a missing library of glibc explains what it had', () => {
  const musl = tables.musl([1, 2, 5], machine)
  const root = rootOf(
    plugin({
      needed: ['libresolv.so.2'],
      uses: [
        ['ns_name', R.word],
        ['__snprintf_chk', R.word],
      ],
    }),
  )
  const {missingSymbols} = new MuslLoader(root, {machine, musl, knowledge: tables.knowledge}).judge('/p.node')
  expect(missingSymbols.map(({name, glibc, explainedBy}) => [name, glibc, explainedBy])).toEqual([
    ['__snprintf_chk', true, null],
    ['ns_name', true, 'libresolv.so.2'],
  ])
})
