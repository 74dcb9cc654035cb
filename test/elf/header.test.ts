import {expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {isElf, readHeader} from '../../src/elf/header.js'

/** An ELF header of 64 bytes, with bytes changed. */
function header(class_: number, data: number, changes: Record<number, number> = {}): Uint8Array {
  const bytes = new Uint8Array(64)
  bytes.set([0x7f, 0x45, 0x4c, 0x46, class_, data, 1, 3, 2])
  for (const [offset, value] of Object.entries(changes)) bytes[Number(offset)] = value
  return bytes
}

test('reads a 64-bit little-endian header', () => {
  const bytes = header(2, 1, {16: 3, 18: 0xf3, 24: 0x40, 32: 64, 54: 56, 56: 9, 41: 0x10, 58: 64, 60: 30, 62: 29})
  expect(readHeader(memorySource(bytes), 'x')).toEqual({
    class: 64,
    endian: 'little',
    osabi: 3,
    abiVersion: 2,
    type: 3,
    machine: 'riscv64',
    machineCode: 243,
    entry: 0x40,
    flags: 0,
    phoff: 64,
    phentsize: 56,
    phnum: 9,
    shoff: 0x1000,
    shentsize: 64,
    shnum: 30,
    shstrndx: 29,
  })
})

test('reads a 32-bit big-endian header from 52 bytes', () => {
  const bytes = header(1, 2, {17: 2, 19: 8, 26: 0x10, 31: 52, 43: 32, 45: 7}).subarray(0, 52)
  expect(readHeader(memorySource(bytes), 'x')).toMatchObject({
    class: 32,
    endian: 'big',
    type: 2,
    machine: 'mips',
    entry: 0x1000,
    phoff: 52,
    phentsize: 32,
    phnum: 7,
  })
})

const refused: [name: string, bytes: Uint8Array, code: string, message: string][] = [
  ['an empty file', new Uint8Array(0), 'ELF_BAD_HEADER', 'x: does not begin with the ELF magic'],
  ['a script', Uint8Array.from(Buffer.from('#!/bin/sh\n')), 'ELF_BAD_HEADER', 'x: does not begin with the ELF magic'],
  ['5 bytes', header(2, 1).subarray(0, 5), 'ELF_TRUNCATED', 'x: the ELF header needs 16 bytes, the file ends at 5'],
  ['63 bytes', header(2, 1).subarray(0, 63), 'ELF_TRUNCATED', 'x: the ELF header needs 64 bytes, the file ends at 63'],
  ['class 3', header(3, 1), 'ELF_BAD_HEADER', 'x: unknown class 3 at 4'],
  ['byte order 0', header(2, 0), 'ELF_BAD_HEADER', 'x: unknown byte order 0 at 5'],
  ['e_phoff above 2^53', header(2, 1, {39: 1}), 'ELF_LIMIT', 'x: e_phoff is out of range'],
  ['e_shoff above 2^53', header(2, 1, {47: 1}), 'ELF_LIMIT', 'x: e_shoff is out of range'],
]
for (const [name, bytes, code, message] of refused) {
  test(`refuses ${name}`, () => {
    expect(() => readHeader(memorySource(bytes), 'x')).toThrow(expect.objectContaining({code, message}))
  })
}

const heads: [bytes: number[], is: boolean][] = [
  [[], false],
  [[0x7f, 0x45, 0x4c], false],
  [[0x7f, 0x45, 0x4c, 0x46], true],
  [[0x7f, 0x45, 0x4c, 0x47, 0], false],
]
for (const [bytes, is] of heads) test(`isElf [${bytes}]`, () => expect(isElf(Uint8Array.from(bytes))).toBe(is))

const machines: [code: number, class_: number, data: number, name: string][] = [
  [62, 2, 1, 'x86_64'],
  [62, 1, 1, 'x32'],
  [3, 1, 1, 'i386'],
  [183, 2, 1, 'aarch64'],
  [40, 1, 1, 'arm'],
  [21, 2, 1, 'ppc64le'],
  [21, 2, 2, 'ppc64'],
  [22, 2, 2, 's390x'],
  [8, 2, 1, 'mips64el'],
]
for (const [code, class_, data, name] of machines) {
  test(`machine ${name}`, () => {
    const bytes = header(class_, data, {[data === 1 ? 18 : 19]: code})
    expect(readHeader(memorySource(bytes), 'x').machine).toBe(name)
  })
}
