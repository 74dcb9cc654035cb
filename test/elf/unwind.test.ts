import {expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {readElf} from '../../src/elf/read.js'
import type {FramesSpec} from '../support/eh-frame.js'
import {type ElfSpec, elfOf} from '../support/elf.js'

const functions = [
  [0x40, 8],
  [0x10, 0x20],
  [0x30, 4],
] as const
/** Sorted; the two that touch are one. */
const ranges = [
  [0x10, 0x34],
  [0x40, 0x48],
]

const codeOf = (spec: ElfSpec) => ({code: new Uint8Array(0x80), ...spec})
const elfFrom = (bytes: Uint8Array) => readElf(memorySource(bytes), 'x')

/** What is described, by its place in the code. */
function unwound(spec: ElfSpec) {
  const built = elfOf(codeOf(spec))
  const elf = elfFrom(built.bytes)
  const [code, found] = [built.at.get('code') ?? 0, elf.unwound()]
  if (found === null || 'unreadable' in found) return found
  expect(elf.warnings).toEqual([])
  return found.map(({start, end}) => [start - code, end - code])
}

const forms: [name: string, frames: Partial<FramesSpec>][] = [
  ['as GCC and ld write it', {}],
  ['no table', {table: 'empty'}],
  ['no PT_GNU_EH_FRAME', {table: 'none'}],
  ['absolute addresses', {encoding: 0x00}],
  ['no augmentation', {augmentation: ''}],
  ['an augmentation without R', {augmentation: 'zS'}],
  ['2 bytes', {encoding: 0x02}],
  ['2 bytes, signed', {encoding: 0x1a}],
  ['4 bytes', {encoding: 0x03}],
  ['8 bytes', {encoding: 0x04}],
  ['8 bytes, signed', {encoding: 0x1c}],
  ['C++', {augmentation: 'zPLR'}],
  ['a signal frame of aarch64 with authenticated pointers', {augmentation: 'zRSB'}],
  ['CIE version 3', {version: 3}],
  ['CIE version 4', {version: 4}],
  ['a table of 8 bytes, relative to its place', {tableEncoding: 0x1c}],
]
for (const [name, frames] of forms) {
  for (const bits of [32, 64] as const) {
    for (const little of [true, false]) {
      test(`${name}, ${bits} bit, ${little ? 'little' : 'big'}-endian`, () => {
        expect(unwound({bits, little, frames: {functions, ...frames}})).toEqual(ranges)
      })
    }
  }
}

test('by the program headers alone', () => {
  expect(unwound({sections: false, frames: {functions}})).toEqual(ranges)
  expect(unwound({sections: false, frames: {functions, table: 'empty'}})).toEqual(ranges)
})

const empty: [name: string, spec: ElfSpec, found: unknown][] = [
  ['no unwind information', {}, null],
  ['only a section, and no sections', {sections: false, frames: {functions, table: 'none'}}, null],
  ['no functions', {frames: {functions: []}}, []],
  [
    'functions of no length, and before address 0',
    {
      frames: {
        functions: [
          [0x10, 0],
          [-0x1000, 8],
        ],
      },
    },
    [],
  ],
]
for (const [name, spec, found] of empty) test(name, () => expect(unwound(spec)).toEqual(found))

const good = elfOf(codeOf({frames: {functions}}))
const listed = elfOf(codeOf({frames: {functions, table: 'none'}}))
const [header, frames, list] = [good.at.get('ehFrameHdr'), good.at.get('ehFrame'), listed.at.get('ehFrame')] as [
  number,
  number,
  number,
]
/** The first FDE: its length, its CIE, its address. */
const fde = frames + 4 + (good.bytes[frames] ?? 0)

const bad: [name: string, bytes: Uint8Array, message: RegExp][] = [
  ['a header of another version', good.with(header, 2), /has version 2/],
  ['a pointer of unknown format', good.with(header + 1, 0x15), /numbers of encoding 0x5/],
  ['a pointer to a pointer', good.with(header + 1, 0x9b), /numbers of encoding 0x9b/],
  ['a pointer outside the file', good.with(header + 7, 0x40), /names no address of the file/],
  ['more functions than the table has', good.with(header + 8, 200), /PT_GNU_EH_FRAME: needs 4 bytes/],
  ['more functions than piton reads', good.with(header + 11, 0x40), /1073741827 FDEs, more than 2000000/],
  ['an FDE outside .eh_frame', good.with(header + 19, 0x40), /\.eh_frame: needs 0 bytes/],
  ['a CIE in the table', good.with(header + 16, ...little(frames - header)), /a table names a CIE as FDE/],
  ['an FDE longer than .eh_frame', good.with(fde + 1, 1), /a record at 20 has 272 bytes/],
  ['a 64-bit length', good.with(fde, 255, 255, 255, 255), /a record at 20 has 4294967295 bytes/],
  ['an FDE that is its own CIE', good.with(fde + 4, 4, 0, 0, 0), /no CIE at 20/],
  ['a CIE before .eh_frame', good.with(fde + 4, 0xff), /\.eh_frame: needs 0 bytes/],
  ['a CIE of GCC 2', good.with(frames + 9, 0x65, 0x68), /a CIE of augmentation eh/],
  ['a letter that nobody knows', good.with(frames + 10, 0x21), /a CIE of augmentation z!/],
  ['an address that is aligned', good.with(frames + 16, 0x50), /numbers of encoding 0x50/],
  ['a list with a record of 3 bytes', listed.with(list, 3), /a record at 0 has 3 bytes/],
]
for (const [name, bytes, message] of bad) {
  test(`${name}: unreadable, with a warning`, () => {
    const elf = elfFrom(bytes)
    expect(elf.unwound()).toEqual({unreadable: expect.stringMatching(message)})
    expect(elf.warnings).toEqual([{code: expect.any(String), message: expect.stringMatching(message), hides: true}])
  })
}

test('an augmentation that is longer than any', () => {
  const {bytes} = elfOf(codeOf({frames: {functions, augmentation: `z${'S'.repeat(16)}R`}}))
  expect(elfFrom(bytes).unwound()).toEqual({unreadable: expect.stringMatching(/augmentation does not end/)})
})

test('what is not asked for is not read', () => {
  expect(elfFrom(good.with(header, 2)).warnings).toEqual([])
})

function little(value: number): number[] {
  return [0, 8, 16, 24].map(shift => (value >> shift) & 0xff)
}
