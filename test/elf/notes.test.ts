import {expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {readElf} from '../../src/elf/read.js'
import {type ElfSpec, elfOf, noteOf} from '../support/elf.js'

const notesOf = (spec: ElfSpec) => readElf(memorySource(elfOf(spec).bytes), 'x').notes()
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap(part => [...part]))
const word = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >>> 24) & 255]
const property = (type: number, value: number) =>
  noteOf('GNU', 5, [...word(type), ...word(4), ...word(value), ...word(0)])

test('reads build id, ABI tag and Go build id', () => {
  const notes = join(
    noteOf('GNU', 3, [0xde, 0xad, 0xbe, 0xef]),
    noteOf('GNU', 1, [...word(0), ...word(3), ...word(2), ...word(0)]),
    noteOf('Go', 4, [...Buffer.from('abc/def')]),
  )
  expect(notesOf({notes})).toEqual({
    buildID: 'deadbeef',
    abiTag: {system: 'Linux', version: '3.2.0'},
    goBuildID: 'abc/def',
    features: null,
    owners: new Set(['GNU', 'Go']),
  })
})

const features: [name: string, machine: number, note: Uint8Array, expected: number | null][] = [
  ['IBT and SHSTK', 62, property(0xc0000002, 3), 3],
  ['BTI', 183, property(0xc0000000, 1), 1],
  ['a property of x86 that is not this one', 62, property(0xc0008002, 7), null],
  ['the number of aarch64 on x86-64', 62, property(0xc0000000, 3), null],
]
for (const [name, machine, notes, expected] of features) {
  test(`GNU property: ${name}`, () => {
    expect(notesOf({machine, notes, noteAlign: 8})).toMatchObject({features: expected})
  })
}

test('notes of mold: padded to 4 bytes in a segment that is aligned to 8', () => {
  const notes = join(
    property(0xc0000002, 3),
    noteOf(
      'GNU',
      3,
      Array.from({length: 20}, (_, index) => index),
    ),
    noteOf('GNU', 1, [...word(0), ...word(3), ...word(2), ...word(0)]),
  )
  const elf = readElf(memorySource(elfOf({machine: 62, notes, noteAlign: 8}).bytes), 'x')
  expect(elf.notes()).toMatchObject({
    buildID: '000102030405060708090a0b0c0d0e0f10111213',
    abiTag: {system: 'Linux', version: '3.2.0'},
    features: 3,
  })
  expect(elf.warnings).toEqual([])
})

test('a note that is longer than its table ends the reading with a warning', () => {
  const notes = join(
    noteOf('GNU', 3, [1, 2]),
    Uint8Array.from([...word(4), ...word(0x7fffffff), ...word(1), 0x47, 0x4e, 0x55, 0]),
  )
  const elf = readElf(memorySource(elfOf({notes}).bytes), 'x')
  expect(elf.notes()).toMatchObject({buildID: '0102'})
  expect(elf.warnings).toMatchObject([{code: 'ELF_TRUNCATED'}])
})
