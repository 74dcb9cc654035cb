import {expect, test} from 'vitest'
import {memorySource} from '../../../src/bytes/source.js'
import {checkStackProtector} from '../../../src/elf/checks/stack-protector.js'
import {readElf} from '../../../src/elf/read.js'
import type {Verdict} from '../../../src/model/verdict.js'
import {type ElfSpec, elfOf, noteOf} from '../../support/elf.js'

const judge = (spec: ElfSpec) => checkStackProtector(readElf(memorySource(elfOf(spec).bytes), 'x'))
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))

/** The start code is left out of the search: what is looked at begins behind it. */
const start = '90'.repeat(64)
const guard = '64488b042528000000' // mov %fs:0x28,%rax
const variable = '488d7c2410' // lea 0x10(%rsp),%rdi
const code = (text: string) => hex(`${start}${text}c3`)
const imports = (...names: string[]) => names.map(name => ({name}))

const dynamic: [name: string, spec: ElfSpec, verdict: Verdict, evidence: string][] = [
  ['imports __stack_chk_fail', {symbols: imports('__stack_chk_fail')}, 'yes', 'imports __stack_chk_fail'],
  [
    'imports __stack_chk_guard',
    {symbols: imports('__stack_chk_guard'), machine: 183},
    'yes',
    'imports __stack_chk_guard',
  ],
  ['imports of OpenBSD', {symbols: imports('__stack_smash_handler')}, 'yes', 'imports __stack_smash_handler'],
  ['reads the guard and never returns', {code: code(guard + variable)}, 'yes', 'reads the stack guard at'],
  ['a stack variable without a guard', {code: code(variable)}, 'no', 'takes the address of a stack variable at'],
  ['no stack variable', {code: code('31c0')}, 'unknown', 'there may be nothing to protect'],
  ['a stack variable of the start code only', {code: hex(variable)}, 'unknown', 'there may be nothing to protect'],
  ['Rust', {code: code(variable), symbols: imports('rust_eh_personality')}, 'unknown', 'rust code'],
  ['Go', {code: code(variable), notes: noteOf('Go', 4, [0x61])}, 'not-applicable', 'Go code'],
  ['no code', {loadFlags: 4}, 'not-applicable', 'holds no code'],
  ['a machine that is not looked into', {code: code(variable), machine: 43}, 'unknown', 'sparc64'],
  [
    'the library that defines it',
    {code: code(variable), symbols: [{name: '__stack_chk_fail', section: 4, value: 1}]},
    'unknown',
    'defines __stack_chk_fail',
  ],
]
for (const [name, spec, verdict, evidence] of dynamic) {
  test(`dynamic, ${name}: ${verdict}`, () => {
    expect(judge(spec)).toMatchObject({verdict, evidence: expect.stringContaining(evidence)})
  })
}

/**
 * A static program: `main` before `_start`, functions of its own behind it, then the C library: one function that
 * `__libc_start_main` calls, itself, and the rest.
 */
function staticProgram(parts: {main?: string; own?: string; before?: string; library?: string}): ElfSpec {
  const base = elfOf({type: 2, interpreter: null, dynamic: null, code: hex('c3')}).at.get('code') ?? 0
  const pieces: number[] = []
  const add = (text: string) => {
    const at = base + pieces.length
    pieces.push(...hex(text))
    while (pieces.length % 16 !== 0) pieces.push(0x90)
    return at
  }
  const number = (value: number) =>
    [0, 8, 16, 24].map(shift => ((value >> shift) & 255).toString(16).padStart(2, '0')).join('')
  const main = add(`${parts.main ?? '31c0'}c3`)
  const entry = base + pieces.length
  const own = hex(`${parts.own ?? '31c0'}c3`)
  const ownBytes = Math.ceil(own.length / 16) * 16
  const before = hex(`${parts.before ?? '31c0'}c3`)
  const beforeBytes = Math.ceil(before.length / 16) * 16
  const libraryStart = entry + 64 + ownBytes + beforeBytes
  // mov $main,%rdi; call __libc_start_main
  const startCode = `48c7c7${number(main)}e8${number(libraryStart - (entry + 12))}f4`
  add(startCode + '90'.repeat(64 - startCode.length / 2))
  add(Buffer.from(own).toString('hex'))
  const beforeAt = add(Buffer.from(before).toString('hex'))
  const at = base + pieces.length
  add(`e8${number(beforeAt - (at + 5))}${parts.library ?? ''}c3`)
  return {
    type: 2,
    interpreter: null,
    dynamic: null,
    code: Uint8Array.from(pieces),
    comment: 'GCC: (x) 13\0',
    entryOffset: entry - base,
  }
}

const fixed: [name: string, spec: ElfSpec, verdict: Verdict][] = [
  ['a guard in main', staticProgram({main: guard + variable, library: guard}), 'yes'],
  ['a guard in another function', staticProgram({own: guard, library: guard}), 'yes'],
  ['main without, another function with a guard', staticProgram({main: variable, own: guard}), 'unknown'],
  ['guards in the C library only', staticProgram({main: variable, library: guard}), 'no'],
  ['guards in what starts the C library', staticProgram({main: variable, before: guard}), 'no'],
  ['stack variables in the C library only', staticProgram({before: variable, library: variable}), 'unknown'],
  ['start code of another kind', {...staticProgram({main: variable}), entryOffset: 0}, 'unknown'],
  ['another architecture', {...staticProgram({main: variable}), machine: 183}, 'unknown'],
]
for (const [name, spec, verdict] of fixed) {
  test(`static, ${name}: ${verdict}`, () => expect(judge(spec).verdict).toBe(verdict))
}
