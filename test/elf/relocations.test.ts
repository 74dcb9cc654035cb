import {expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {readElf} from '../../src/elf/read.js'
import {isUnreadable, type Relocations} from '../../src/model/elf.js'
import {type ElfSpec, elfOf} from '../support/elf.js'

function relocationsOf(spec: ElfSpec): Relocations {
  const relocations = readElf(memorySource(elfOf(spec).bytes), 'x').relocations()
  if (isUnreadable(relocations)) throw new Error(relocations.unreadable)
  return relocations
}

const symbols = [{name: 'a'}, {name: 'b'}]
const relocations = [
  {table: 'rela', symbol: 0, type: 8},
  {table: 'rela', symbol: 0, type: 8},
  {table: 'rela', symbol: 2, type: 6},
  {table: 'jmprel', symbol: 1, type: 7},
  {table: 'jmprel', symbol: 1, type: 7},
  {table: 'rel', symbol: 1, type: 1},
] as const

for (const [bits, little, machine] of [
  [64, true, 62],
  [64, false, 22],
  [32, true, 3],
  [32, false, 8],
  [64, true, 8],
  [64, false, 8],
] as const) {
  test(`sums up relocations: ${bits} bit, ${little ? 'little' : 'big'}-endian, machine ${machine}`, () => {
    const {types, uses, relative} = relocationsOf({bits, little, machine, symbols, relocations})
    expect(Object.fromEntries(types)).toEqual({1: 1, 6: 1, 7: 2, 8: 2})
    expect(uses).toEqual([
      {symbol: 1, type: 7, table: 'DT_JMPREL'},
      {symbol: 1, type: 1, table: 'DT_REL'},
      {symbol: 2, type: 6, table: 'DT_RELA'},
    ])
    expect(relative).toBe(0)
  })
}

test('mips64 packs three types into one relocation: R_MIPS_REL32 and R_MIPS_64', () => {
  const spec = {machine: 8, symbols, relocations: [{table: 'rel', symbol: 1, type: 0x1203}]} as const
  expect(relocationsOf(spec).uses).toEqual([{symbol: 1, type: 0x1203, table: 'DT_REL'}])
})

test('mips: each symbol from DT_MIPS_GOTSYM on is relocated without an entry', () => {
  const dynamic = [
    [0x70000013, 2],
    [0x70000011, 3],
  ] as const
  expect(relocationsOf({machine: 8, symbols, dynamic}).uses).toEqual([{symbol: 2, type: 127, table: 'DT_MIPS_GOTSYM'}])
})

const relr: [name: string, spec: ElfSpec, words: number][] = [
  ['one address', {relr: [0x1000]}, 1],
  ['an address and a bitmap of three words', {relr: [0x1000, 0b1111]}, 4],
  ['a full bitmap of 64 bits', {relr: [0x1000, 2 ** 53 - 1]}, 53],
  ['two runs, 32 bit', {bits: 32, relr: [0x1000, 0b101, 0x2000]}, 3],
  ['big-endian', {little: false, relr: [0x1000, 0b1111]}, 4],
]
for (const [name, spec, words] of relr) {
  test(`DT_RELR: ${name}`, () => expect(relocationsOf(spec).relative).toBe(words))
}

test('a table that is longer than the file is read as far as it goes, with a warning', () => {
  const elf = readElf(memorySource(elfOf({symbols, relocations: [relocations[2]], dynamic: [[8, 2 ** 40]]}).bytes), 'x')
  expect(elf.relocations()).toMatchObject({uses: expect.arrayContaining([{symbol: 2, type: 6, table: 'DT_RELA'}])})
  expect(elf.warnings).toContainEqual(expect.objectContaining({code: 'ELF_TRUNCATED'}))
})

test('a static file has none', () => {
  expect(relocationsOf({dynamic: null})).toEqual({types: new Map(), uses: [], relative: 0})
})
