import {expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {readElf} from '../../src/elf/read.js'
import {isUnreadable} from '../../src/model/elf.js'
import {type ElfSpec, elfOf} from '../support/elf.js'

const read = (bytes: Uint8Array) => readElf(memorySource(bytes), 'x')

function dynamicOf(spec: ElfSpec) {
  const {dynamic} = read(elfOf(spec).bytes)
  if (dynamic === null || isUnreadable(dynamic)) throw new Error('no dynamic section')
  return dynamic
}

test('reads names in order, for either class and byte order', () => {
  for (const bits of [32, 64] as const) {
    for (const little of [true, false]) {
      const spec = {bits, little, needed: ['libz.so.1', 'libc.so'], soname: 'libx.so.1', runpath: '/a:$ORIGIN/../lib:'}
      expect(dynamicOf(spec)).toMatchObject({
        needed: ['libz.so.1', 'libc.so'],
        soname: 'libx.so.1',
        rpath: null,
        runpath: ['/a', '$ORIGIN/../lib', ''],
        unreadNames: 0,
      })
    }
  }
})

const bindings: [name: string, entries: [number, number][], expected: string | null][] = [
  ['nothing', [], null],
  ['DT_BIND_NOW', [[24, 0]], 'DT_BIND_NOW'],
  ['DT_FLAGS', [[30, 8]], 'DF_BIND_NOW'],
  ['DT_FLAGS_1', [[0x6ffffffb, 1]], 'DF_1_NOW'],
  [
    'other flags',
    [
      [30, 0x10],
      [0x6ffffffb, 0x0800_0000],
    ],
    null,
  ],
]
for (const [name, dynamic, expected] of bindings) {
  test(`bind now: ${name}`, () => expect(dynamicOf({dynamic}).bindNow).toBe(expected))
}

const relocations: [name: string, entries: [number, number][], expected: string | null][] = [
  ['nothing', [], null],
  ['DT_TEXTREL', [[22, 0]], 'DT_TEXTREL'],
  ['DT_FLAGS', [[30, 4]], 'DF_TEXTREL'],
]
for (const [name, dynamic, expected] of relocations) {
  test(`text relocations: ${name}`, () => expect(dynamicOf({dynamic}).textRelocations).toBe(expected))
}

test('where a tag repeats the last one counts', () => {
  expect(
    dynamicOf({
      dynamic: [
        [30, 8],
        [30, 0],
      ],
    }),
  ).toMatchObject({flags: 0, bindNow: null})
})

test('an empty run path is not the same as none', () => {
  expect(dynamicOf({runpath: ''})).toMatchObject({runpath: [''], rpath: null})
})

test('a static file has no dynamic section', () => {
  expect(read(elfOf({dynamic: null}).bytes).dynamic).toBeNull()
})

test('names outside the string table are left out, counted and warned of', () => {
  const elf = read(elfOf({needed: ['libc.so'], dynamic: [[1, 0x7fff_ffff]]}).bytes)
  expect(elf.dynamic).toMatchObject({needed: ['libc.so'], unreadNames: 1})
  expect(elf.warnings).toMatchObject([
    {code: 'ELF_BAD_TABLE', message: expect.stringContaining('the name at 2147483647')},
  ])
})

test('a string table that no segment maps', () => {
  const elf = read(elfOf({needed: ['libc.so'], dynamic: [[5, 2 ** 40]]}).bytes)
  expect(elf.dynamic).toMatchObject({needed: [], unreadNames: 1})
  expect(elf.warnings).toContainEqual(
    expect.objectContaining({message: 'x: DT_STRTAB is 0x10000000000, which no segment maps'}),
  )
})

test('PT_DYNAMIC behind the end of the file is unreadable', () => {
  const {at, with: patch} = elfOf()
  const header = (at.get('phdr') ?? 0) + 2 * 56
  const bytes = patch(header + 8, 0, 0, 0, 0, 0, 1)
  bytes.set([0, 0, 0, 0, 0, 1], header + 16)
  const elf = read(bytes)
  expect(isUnreadable(elf.dynamic)).toBe(true)
  expect(elf.warnings).toContainEqual(expect.objectContaining({code: 'ELF_TRUNCATED'}))
})

test('a dynamic section without an end', () => {
  const {bytes, at} = elfOf({needed: ['libc.so']})
  const header = (at.get('phdr') ?? 0) + 2 * 56
  const size = bytes[header + 32] ?? 0
  const cut = bytes.slice()
  cut.set([size - 16], header + 32)
  expect(read(cut).warnings).toMatchObject([
    {code: 'ELF_BAD_TABLE', message: expect.stringContaining('has no DT_NULL')},
  ])
})
