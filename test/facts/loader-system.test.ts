import {expect, test} from 'vitest'
import {collectorsFor, gatherFacts} from '../../src/facts/index.js'
import type {LibcTables} from '../../src/musl/index.js'
import {elfOf} from '../support/elf.js'
import {file, folder, type TarItem} from '../support/tar.js'
import {viewOf} from '../support/view.js'

const loader = 'lib/ld-musl-x86_64.so.1'
const elf = (spec: Parameters<typeof elfOf>[0]) => elfOf({machine: 62, ...spec}).bytes
const library = elf({interpreter: null, soname: 'liba.so', needed: ['libc.so']})
const musl = elf({
  interpreter: null,
  soname: 'libc.musl-x86_64.so.1',
  symbols: [
    {name: '__libc_start_main', section: 1, value: 0x100},
    {name: 'stdin', section: 1, value: 0x100},
  ],
})
const program = (interpreter: string) => elf({interpreter, needed: ['libc.so', 'liba.so']})

/** All that is asked of the tables where the target has its own musl: that nobody else knows better. */
const noTables = {
  musl: () => null,
  knowledge: {isGlibc: () => false, offers: () => null},
  nodeHost: {offers: () => false},
} as unknown as LibcTables

/** What musl's loader was seen to do in a root made of the same files. */
const cases: [name: string, interpreter: string, items: readonly TarItem[], verdict: string | undefined][] = [
  ['the default path', `/${loader}`, [file('usr/lib/liba.so', library)], 'loads'],
  ['a folder that only the path file names', `/${loader}`, [file('opt/liba.so', library), path('/opt\n')], 'loads'],
  [
    'a path file that ends in a NUL',
    `/${loader}`,
    [file('opt/liba.so', library), path('/x\0:/opt')],
    'missing_library',
  ],
  [
    'a folder in the place of the path file: nothing is searched',
    `/${loader}`,
    [file('usr/lib/liba.so', library), folder('etc/ld-musl-x86_64.path')],
    'missing_library',
  ],
  [
    'the path file of a loader that lies elsewhere',
    '/srv/x/lib/ld.so',
    [file('srv/x/lib/ld.so', musl), file('opt/liba.so', library), path('/opt', 'srv/x/')],
    'loads',
  ],
  [
    'the path file of another loader',
    `/${loader}`,
    [file('opt/liba.so', library), path('/opt', 'srv/x/')],
    'missing_library',
  ],
  [
    'beside the libc.so.6 of glibc, but made for musl',
    `/${loader}`,
    [file('bin/libc.so.6', elf({interpreter: null, soname: 'libc.so.6'}))],
    'missing_library',
  ],
]

function path(text: string, prefix = ''): TarItem {
  return file(`${prefix}etc/ld-musl-x86_64.path`, text)
}

for (const [name, interpreter, items, verdict] of cases) {
  test(`a program needs a library: ${name}`, async () => {
    const files = [file(loader, musl), file('bin/p', program(interpreter), {mode: 0o755}), ...items]
    const view = await viewOf([files], collectorsFor(false))
    const gathering = {database: null, today: '2026-01-01', libc: noTables, move: null, integrity: false}
    const {facts} = await gatherFacts(view, gathering)
    expect(facts.elfFiles.find(({path}) => path === 'bin/p')?.musl?.verdict).toBe(verdict)
  })
}
