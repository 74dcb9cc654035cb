import {expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {readElf} from '../../src/elf/read.js'
import {isUnreadable} from '../../src/model/elf.js'
import {elfOf} from '../support/elf.js'

const good = elfOf()
const read = (bytes: Uint8Array) => readElf(memorySource(bytes), 'x')
const phdr = good.at.get('phdr') ?? 0

for (const bits of [32, 64] as const) {
  for (const little of [true, false]) {
    test(`reads program headers, ${bits} bit, ${little ? 'little' : 'big'}-endian`, () => {
      const {bytes} = elfOf({bits, little})
      const elf = read(bytes)
      if (isUnreadable(elf.segments)) throw new Error(elf.segments.unreadable)
      expect(elf.segments.map(({type}) => type)).toEqual([3, 1, 2, 0x6474e551, 0x6474e552])
      expect(elf.segments[1]).toMatchObject({flags: 5, offset: 0, address: 0, fileBytes: bytes.length, align: 4096})
      expect([elf.interpreter, elf.warnings]).toEqual(['/lib/ld-musl-x86_64.so.1', []])
    })
  }
}

test('PN_XNUM: the number of program headers is in section 0', () => {
  const sections = good.at.get('sections') ?? 0
  const bytes = good.with(sections + 44, 5)
  bytes.set([0xff, 0xff], 56)
  expect(read(bytes)).toMatchObject({segments: {length: 5}, warnings: []})
})

const unreadable: [name: string, bytes: Uint8Array, code: string, message: string][] = [
  ['e_phentsize 0', good.with(54, 0), 'ELF_BAD_HEADER', 'x: e_phentsize is 0 instead of 56'],
  [
    'e_phoff behind the end',
    good.with(36, 1),
    'ELF_TRUNCATED',
    /the program header table needs 280 bytes at 4294967360/.source,
  ],
  ['cut inside', good.bytes.subarray(0, 100), 'ELF_TRUNCATED', 'the program header table needs 280 bytes at 64'],
]
for (const [name, bytes, code, message] of unreadable) {
  test(`program headers are unreadable: ${name}`, () => {
    const elf = read(bytes)
    expect(isUnreadable(elf.segments)).toBe(true)
    expect(elf.type).toBe('unknown')
    expect(elf.warnings).toContainEqual(
      expect.objectContaining({code, message: expect.stringMatching(message), hides: true}),
    )
  })
}

test('warns of a segment that the file does not hold, and reads the others', () => {
  const elf = read(good.with(phdr + 56 + 32, 0, 0, 0, 1))
  expect(elf.warnings).toEqual([
    {
      code: 'ELF_TRUNCATED',
      message: `x: a PT_LOAD needs 16777216 bytes at 0, the file ends at ${good.bytes.length}`,
      hides: true,
    },
  ])
  expect(elf.type).toBe('pie')
})

test('of two overlapping PT_LOADs the later one is mapped', () => {
  // The interpreter's header becomes a PT_LOAD over address 0 that the real one, behind it, is mapped over.
  const elf = read(good.with(phdr, 1))
  expect(elf.dynamic).toMatchObject({offset: good.at.get('dynamic')})
})
