import {expect, test} from 'vitest'
import {memorySource} from '../../../src/bytes/source.js'
import {hardening} from '../../../src/elf/hardening.js'
import {readElf} from '../../../src/elf/read.js'
import type {Hardening} from '../../../src/model/elf.js'
import type {Verdict} from '../../../src/model/verdict.js'
import {type ElfSpec, elfOf, noteOf} from '../../support/elf.js'

type Case = [check: keyof Hardening, name: string, spec: ElfSpec, verdict: Verdict, value?: string]

const word = (value: number) => [value & 255, 0, 0, value >>> 24]
const property = (type: number, value: number) => ({
  notes: noteOf('GNU', 5, [...word(type), ...word(4), ...word(value), ...word(0)]),
  noteAlign: 8,
})
const symbols = [{name: 'printf'}]
const plt = {symbols, relocations: [{table: 'jmprel', symbol: 1, type: 7}]} as const
const data = {symbols, relocations: [{table: 'rela', symbol: 1, type: 6}]} as const
const notStatic = {type: 2, interpreter: null, dynamic: null} as const

const cases: Case[] = [
  ['relro', 'GNU_RELRO and DT_BIND_NOW', {...plt, dynamic: [[24, 0]]}, 'yes', 'full'],
  ['relro', 'GNU_RELRO and DF_BIND_NOW', {...plt, dynamic: [[30, 8]]}, 'yes', 'full'],
  ['relro', 'GNU_RELRO and DF_1_NOW', {...plt, flags1: 0x08000001}, 'yes', 'full'],
  ['relro', 'GNU_RELRO and lazy binding', plt, 'no', 'partial'],
  ['relro', 'GNU_RELRO and no PLT to bind late', data, 'yes', 'partial'],
  ['relro', 'BIND_NOW without GNU_RELRO', {...plt, relro: false, dynamic: [[24, 0]]}, 'no', 'none'],
  ['relro', 'nothing to relocate', {relro: false}, 'not-applicable'],
  ['relro', 'static', notStatic, 'not-applicable'],

  ['nx', 'PT_GNU_STACK read and write', {}, 'yes'],
  ['nx', 'PT_GNU_STACK with execute', {stackFlags: 7}, 'no'],
  ['nx', 'no PT_GNU_STACK on x86-64', {stackFlags: null}, 'no'],
  ['nx', 'no PT_GNU_STACK on aarch64', {stackFlags: null, machine: 183}, 'no'],
  ['nx', 'no PT_GNU_STACK on riscv64', {stackFlags: null, machine: 243}, 'yes'],
  ['nx', 'no PT_GNU_STACK on ppc64le', {stackFlags: null, machine: 21}, 'yes'],
  ['nx', 'no PT_GNU_STACK on a machine nobody knows', {stackFlags: null, machine: 0xfeed}, 'unknown'],
  ['nx', 'no PT_GNU_STACK on FreeBSD', {stackFlags: null, osabi: 9}, 'not-applicable'],

  ['textRelocations', 'none', {}, 'yes'],
  ['textRelocations', 'DT_TEXTREL', {dynamic: [[22, 0]]}, 'no'],
  ['textRelocations', 'DF_TEXTREL', {dynamic: [[30, 4]]}, 'no'],
  ['textRelocations', 'static', notStatic, 'not-applicable'],

  ['writableExecutable', 'read and execute', {}, 'yes'],
  ['writableExecutable', 'read, write and execute', {loadFlags: 7}, 'no'],
  ['writableExecutable', 'static, read, write and execute', {...notStatic, loadFlags: 7}, 'no'],

  ['controlFlow', 'IBT and SHSTK', property(0xc0000002, 3), 'yes', 'ibt+shstk'],
  ['controlFlow', 'IBT only', property(0xc0000002, 1), 'no', 'ibt'],
  ['controlFlow', 'no note', {}, 'no', 'none'],
  ['controlFlow', 'BTI and PAC', {...property(0xc0000000, 3), machine: 183}, 'yes', 'bti+pac'],
  ['controlFlow', 'BTI only', {...property(0xc0000000, 1), machine: 183}, 'no', 'bti'],
  ['controlFlow', 's390x', {machine: 22, little: false}, 'not-applicable'],
]
for (const [check, name, spec, verdict, value] of cases) {
  test(`${check}: ${name}`, () => {
    const judged = hardening(readElf(memorySource(elfOf(spec).bytes), 'x'))[check]
    expect([judged.verdict, judged.value]).toEqual([verdict, value])
  })
}

test('object and core files are not judged', () => {
  for (const type of [1, 4]) {
    const judged = Object.values(hardening(readElf(memorySource(elfOf({type}).bytes), 'x')))
    expect(judged.map(({verdict}) => verdict)).toEqual(Array(9).fill('not-applicable'))
  }
})

test('what rests on unreadable program headers is unknown, and says why', () => {
  const judged = Object.values(hardening(readElf(memorySource(elfOf().bytes.subarray(0, 100)), 'x')))
  expect(judged.map(({verdict}) => verdict)).toEqual(Array(9).fill('unknown'))
  expect(judged[0]?.evidence).toBe('x: the program header table needs 280 bytes at 64, the file ends at 100')
})
