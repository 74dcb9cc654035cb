import {expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {checkPie} from '../../src/elf/checks/pie.js'
import {readElf} from '../../src/elf/read.js'
import type {ElfType} from '../../src/model/elf.js'
import type {Verdict} from '../../src/model/verdict.js'
import {type ElfSpec, elfOf} from '../support/elf.js'

const debug = [[21, 0]] as const
const cases: [name: string, spec: ElfSpec, type: ElfType, pie: Verdict][] = [
  ['ET_EXEC with PT_INTERP', {type: 2}, 'executable', 'no'],
  ['ET_EXEC with PT_DYNAMIC only', {type: 2, interpreter: null}, 'executable', 'no'],
  ['ET_EXEC with neither', {type: 2, interpreter: null, dynamic: null}, 'static', 'no'],
  ['ET_DYN with DF_1_PIE and PT_INTERP', {}, 'pie', 'yes'],
  ['ET_DYN with PT_INTERP and DT_DEBUG, of an old linker', {flags1: 0, dynamic: debug}, 'pie', 'yes'],
  ['a library that can be run: PT_INTERP and a soname', {flags1: 0, soname: 'libc.so.6'}, 'shared', 'not-applicable'],
  ['a plugin that can be run: PT_INTERP and no soname', {flags1: 0}, 'shared', 'not-applicable'],
  ['ET_DYN with DF_1_PIE and no PT_INTERP', {interpreter: null, flags1: 0x08000000}, 'static-pie', 'yes'],
  ['static-pie of an old linker', {interpreter: null, dynamic: debug}, 'static-pie', 'yes'],
  ['a static-pie without PT_DYNAMIC', {interpreter: null, dynamic: null}, 'static-pie', 'yes'],
  ['ET_DYN with neither', {interpreter: null, soname: 'libx.so.1'}, 'shared', 'not-applicable'],
  ['ET_REL', {type: 1}, 'relocatable', 'not-applicable'],
  ['ET_CORE', {type: 4}, 'core', 'not-applicable'],
  ['e_type 0xfe00', {type: 0xfe00}, 'unknown', 'unknown'],
]
for (const [name, spec, type, pie] of cases) {
  test(`${name} is ${type}`, () => {
    const elf = readElf(memorySource(elfOf(spec).bytes), 'x')
    expect([elf.type, checkPie(elf).verdict]).toEqual([type, pie])
  })
}

test('a file of debugging information is told by code that is in another file', () => {
  const {bytes, at} = elfOf({comment: 'x'})
  const sections = at.get('sections') ?? 0
  const kept = bytes.slice()
  kept.set([8], sections + 4 * 64 + 4) // .text is SHT_NOBITS
  kept.set(Buffer.from('.debug_\0'), at.get('shstrtab') ?? 0) // one section is called .debug_
  kept.set([0, 0, 0, 0], sections + 64)
  const elf = readElf(memorySource(kept), 'x')
  expect([elf.type, elf.dynamic, elf.interpreter, checkPie(elf).verdict]).toEqual([
    'debug',
    null,
    null,
    'not-applicable',
  ])
})
