import {expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {originOf} from '../../src/elf/origin.js'
import {readElf} from '../../src/elf/read.js'
import {type ElfSpec, elfOf, noteOf} from '../support/elf.js'

const origin = (spec: ElfSpec) => originOf(readElf(memorySource(elfOf(spec).bytes), 'x'))
const fixed = {type: 2, interpreter: null, dynamic: null} as const
const imports = (...names: string[]) => names.map(name => ({name}))

const languages: [name: string, spec: ElfSpec, language: string][] = [
  ['a note of the Go toolchain', {notes: noteOf('Go', 4, [0x61]), comment: 'GCC: (A) 1'}, 'go'],
  ['a symbol of the Rust runtime', {symbols: imports('rust_eh_personality')}, 'rust'],
  ['rustc in .comment', {comment: 'GCC: (A) 1\0rustc version 1.75.0 (82e1608df)\0'}, 'rust'],
  [
    'a path of rustc in a program that unwinds',
    {symbols: imports('_Unwind_Backtrace'), text: '/rustc/82e1608/'},
    'rust',
  ],
  ['a path of rustc in a static program', {...fixed, text: '/rustc/82e1608/'}, 'rust'],
  ['libstdc++', {needed: ['libstdc++.so.6', 'libc.so.6'], comment: 'GCC: (A) 1'}, 'c++'],
  ['a personality of C++', {symbols: imports('__gxx_personality_v0')}, 'c++'],
  ['a type name of C++ in a static program', {...fixed, text: 'St9bad_alloc', comment: 'GCC: (A) 1'}, 'c++'],
  ['gfortran', {needed: ['libgfortran.so.5']}, 'fortran'],
  ['OCaml', {symbols: imports('caml_main')}, 'ocaml'],
  ['GCC in .comment', {...fixed, comment: 'GCC: (A) 1'}, 'c'],
  ['imports of a C library and nothing else', {needed: ['libc.so.6'], sections: false}, 'c'],
  ['nothing', {...fixed, sections: false}, 'unknown'],
]
for (const [name, spec, language] of languages) {
  test(`language by ${name}`, () => expect(origin(spec).language).toBe(language))
}

/** Sections as fpc, and ldc and gdc, name them; of a stripped program's code they are the only mark. */
for (const [section, language] of [
  ['.fpcdata', 'pascal'],
  ['__minfo\0', 'd'],
] as const) {
  test(`language by the section ${section.replace('\0', '')}`, () => {
    const bytes = Buffer.from(elfOf({needed: ['libc.so.6'], comment: 'GCC: (A) 1'}).bytes)
    bytes.write(section, bytes.indexOf('.comment'), 'latin1')
    expect(originOf(readElf(memorySource(bytes), 'x')).language).toBe(language)
  })
}

test('libc of a program whose only segment is writable code, as ld -N makes it', () => {
  const bytes = Buffer.from(elfOf({...fixed, text: 'GNU C Library'}).bytes)
  for (let header = 64; bytes.readUInt32LE(header) === 1; header += 56) bytes.writeUInt32LE(7, header + 4)
  expect(originOf(readElf(memorySource(bytes), 'x')).libc).toBe('glibc')
})

const libcs: [name: string, spec: ElfSpec, libc: string][] = [
  ["musl's loader", {interpreter: '/lib/ld-musl-aarch64.so.1'}, 'musl'],
  ["musl's soname in Alpine", {interpreter: null, needed: ['libc.musl-x86_64.so.1']}, 'musl'],
  ["musl's soname elsewhere", {interpreter: null, needed: ['libc.so']}, 'musl'],
  ["glibc's loader", {interpreter: '/lib64/ld-linux-x86-64.so.2'}, 'glibc'],
  ["glibc's loader of s390x", {interpreter: '/lib/ld64.so.1'}, 'glibc'],
  ["glibc's loader of armhf", {interpreter: '/lib/ld-linux-armhf.so.3'}, 'glibc'],
  ['libc.so.6', {interpreter: null, needed: ['libm.so.6', 'libc.so.6']}, 'glibc'],
  ['glibc itself', {interpreter: null, soname: 'libc.so.6'}, 'glibc'],
  ['uClibc', {interpreter: '/lib/ld-uClibc.so.0', needed: ['libc.so.0']}, 'uclibc'],
  ['Android', {interpreter: '/system/bin/linker64', needed: ['libc.so']}, 'bionic'],
  ['a library for Android', {interpreter: null, needed: ['libc.so'], notes: noteOf('Android', 1, [1])}, 'bionic'],
  ["musl's text in a static program", {...fixed, text: 'No error information\0Illegal byte sequence\0'}, 'musl'],
  ["glibc's ABI tag in a static program", {...fixed, notes: noteOf('GNU', 1, Array(16).fill(0))}, 'glibc'],
  ['Go without a C library', {...fixed, notes: noteOf('Go', 4, [0x61])}, 'none'],
  ['a static program without marks', fixed, 'unknown'],
  ['a library that needs nothing and imports nothing', {interpreter: null}, 'none'],
  ['a library that needs nothing but imports', {interpreter: null, symbols: imports('printf')}, 'unknown'],
]
for (const [name, spec, libc] of libcs) test(`libc by ${name}`, () => expect(origin(spec).libc).toBe(libc))

test('compilers, each once and in short', () => {
  const comment =
    'GCC: (Debian 12.2.0-14) 12.2.0\0GCC: (x) 12.2.0\0Linker: LLD 17.0.5\0Debian clang version 14.0.6\0rustc version 1.75.0 (82e)\0'
  expect(origin({comment}).compilers).toEqual(['GCC 12.2.0', 'clang 14.0.6', 'rustc 1.75.0'])
})
