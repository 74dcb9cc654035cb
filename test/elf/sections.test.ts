import {expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {readElf} from '../../src/elf/read.js'
import {isUnreadable} from '../../src/model/elf.js'
import {elfOf} from '../support/elf.js'

const good = elfOf({comment: 'GCC: (Alpine 13.2.1_git20231014) 13.2.1 20231014\0GCC: (Alpine) 12\0'})
const read = (bytes: Uint8Array) => readElf(memorySource(bytes), 'x')
const sections = good.at.get('sections') ?? 0

function namesOf(bytes: Uint8Array): readonly string[] {
  const elf = read(bytes)
  return isUnreadable(elf.sections) ? [elf.sections.unreadable] : elf.sections.map(({name}) => name)
}

const names = ['', '.dynsym', '.dynstr', '.dynamic', '.text', '.comment', '.shstrtab']

test('reads section names', () => expect(namesOf(good.bytes)).toEqual(names))
test('reads 32-bit big-endian sections', () => expect(namesOf(elfOf({bits: 32, little: false}).bytes)).toEqual(names))
test('a file without sections has none', () => expect(namesOf(elfOf({sections: false}).bytes)).toEqual([]))

test('extended numbering: e_shnum 0 and SHN_XINDEX look into section 0', () => {
  const bytes = good.with(sections + 32, 7)
  bytes.set([6], sections + 40)
  bytes.set([0, 0, 0xff, 0xff], 60)
  expect(namesOf(bytes)).toEqual(names)
})

const broken: [name: string, bytes: Uint8Array, code: string, message: string][] = [
  ['e_shentsize 0', good.with(58, 0), 'ELF_BAD_HEADER', 'x: e_shentsize is 0 instead of 64'],
  [
    'e_shnum 0 and 2^40 sections',
    (() => {
      const bytes = good.with(sections + 37, 1)
      bytes.set([0, 0], 60)
      return bytes
    })(),
    'ELF_LIMIT',
    'x: 1099511627776 sections, more than 300000',
  ],
  ['cut inside the table', good.bytes.subarray(0, -1), 'ELF_TRUNCATED', 'the section header table needs 448 bytes'],
]
for (const [name, bytes, code, message] of broken) {
  test(`unreadable sections: ${name}; the segments are read`, () => {
    const elf = read(bytes)
    expect(isUnreadable(elf.sections)).toBe(true)
    expect(elf.warnings).toContainEqual(expect.objectContaining({code, message: expect.stringContaining(message)}))
    expect(elf).toMatchObject({type: 'pie', dynamic: {needed: []}})
  })
}

test('a section name table that is none costs the names only', () => {
  const elf = read(good.with(62, 1))
  expect(elf.sections).toMatchObject([{name: ''}, {name: '', type: 11}, {}, {}, {}, {}, {}])
  expect(elf.warnings).toMatchObject([{code: 'ELF_BAD_TABLE', message: 'x: e_shstrndx names no string table'}])
})

test('reads the strings of .comment, each once', () => {
  expect(read(good.bytes).comments()).toEqual(['GCC: (Alpine 13.2.1_git20231014) 13.2.1 20231014', 'GCC: (Alpine) 12'])
})

test('65,000 string tables over the whole file cost nothing', () => {
  const count = 65_000
  const bytes = new Uint8Array(good.bytes.length + 64 * count)
  bytes.set(good.bytes)
  const view = new DataView(bytes.buffer)
  const start = (good.bytes.length + 7) & ~7
  const room = Math.floor((bytes.length - start) / 64)
  for (let index = 0; index < room; index++) {
    const at = start + 64 * index
    view.setUint32(at, 1, true)
    view.setUint32(at + 4, 3, true)
    view.setBigUint64(at + 32, BigInt(bytes.length), true)
  }
  view.setBigUint64(40, BigInt(start), true)
  view.setUint16(60, room, true)
  view.setUint16(62, room - 1, true)
  const began = performance.now()
  expect(read(bytes)).toMatchObject({type: 'pie', sections: {length: room}})
  expect(performance.now() - began).toBeLessThan(3_000)
})
