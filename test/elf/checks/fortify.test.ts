import {expect, test} from 'vitest'
import {memorySource} from '../../../src/bytes/source.js'
import {checkFortify} from '../../../src/elf/checks/fortify.js'
import {readElf} from '../../../src/elf/read.js'
import type {Verdict} from '../../../src/model/verdict.js'
import {type ElfSpec, elfOf, noteOf} from '../../support/elf.js'

const glibc = {interpreter: '/lib64/ld-linux-x86-64.so.2', needed: ['libc.so.6']} as const
const imports = (...names: string[]): ElfSpec => ({...glibc, symbols: names.map(name => ({name}))})

const cases: [name: string, spec: ElfSpec, verdict: Verdict, value?: string][] = [
  ['checked and plain functions', imports('__memcpy_chk', '__fdelt_chk', 'strcpy', 'puts'), 'yes', '2/3'],
  ['printf, which is always replaced', imports('printf', 'memcpy'), 'no', '0/2'],
  ['memcpy only, which may have been proven safe', imports('memcpy'), 'unknown', '0/1'],
  ['nothing that has a checked variant', imports('puts', '__stack_chk_fail'), 'unknown'],
  ['printf in C++ of an unknown compiler', imports('printf', '__gxx_personality_v0'), 'unknown', '0/1'],
  ['printf in C++ of GCC', {...imports('printf', '_Znwm'), comment: 'GCC: (Debian) 12\0'}, 'no', '0/1'],
  [
    'printf in C++ of clang',
    {...imports('printf', '_Znwm'), comment: 'GCC: (D) 1\0clang version 17.0.1\0'},
    'unknown',
    '0/1',
  ],
  ['vprintf in C++', imports('vprintf', '_Znwm'), 'no', '0/1'],
  ['Rust', imports('memcpy', 'rust_eh_personality'), 'not-applicable'],
  ['Go', {...imports('memcpy'), notes: noteOf('Go', 4, [0x61])}, 'not-applicable'],
  ['musl', {symbols: [{name: 'printf'}], needed: ['libc.so']}, 'not-applicable'],
  ['a library that does not say which libc', {interpreter: null, symbols: [{name: '__memcpy_chk'}]}, 'yes', '1/1'],
  ['a plugin that does not say which libc', {interpreter: null, symbols: [{name: 'printf'}]}, 'unknown'],
  ['Go that imports nothing', {...imports('puts'), notes: noteOf('Go', 4, [0x61])}, 'not-applicable'],
  ['static', {type: 2, interpreter: null, dynamic: null, text: 'GNU C Library'}, 'unknown'],
]
for (const [name, spec, verdict, value] of cases) {
  test(`${name}: ${verdict}`, () => {
    const check = checkFortify(readElf(memorySource(elfOf(spec).bytes), 'x'))
    expect([check.verdict, check.value]).toEqual([verdict, value])
  })
}
