import {expect, test} from 'vitest'
import {Cursor} from '../../src/bytes/cursor.js'
import {ElfError} from '../../src/model/errors.js'

const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8)
const largest = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f, 0)

const numbers: [name: string, read: () => number, expected: number][] = [
  ['u8', () => new Cursor(bytes, 'here', true).u8(), 1],
  ['u16 little', () => new Cursor(bytes, 'here', true).u16(), 0x0201],
  ['u16 big', () => new Cursor(bytes, 'here', false).u16(), 0x0102],
  ['u32 little', () => new Cursor(bytes, 'here', true).u32(), 0x04030201],
  ['u32 big', () => new Cursor(bytes, 'here', false).u32(), 0x01020304],
  ['u64 little, 2^53 - 1', () => new Cursor(largest, 'here', true).u64(), Number.MAX_SAFE_INTEGER],
  ['u64 big, 2^53 - 1', () => new Cursor(largest.toReversed(), 'here', false).u64(), Number.MAX_SAFE_INTEGER],
  ['a word of class 32', () => new Cursor(bytes, 'here', true).word(32), 0x04030201],
  ['a word of class 64', () => new Cursor(largest, 'here', true).word(64), Number.MAX_SAFE_INTEGER],
]
for (const [name, read, expected] of numbers) test(name, () => expect(read()).toBe(expected))

test('reads, skips and takes in sequence', () => {
  const cursor = new Cursor(bytes, 'here', true)
  cursor.skip(2)
  expect([...cursor.take(3)]).toEqual([3, 4, 5])
  expect([cursor.at, cursor.remaining, cursor.u8()]).toEqual([5, 3, 6])
})

const refused: [name: string, read: (cursor: Cursor) => unknown, code: string, message: string][] = [
  ['past the end', c => [c.u64(), c.u8()], 'ELF_TRUNCATED', 'here: needs 1 bytes at 108, ends at 108'],
  ['take of NaN', c => c.take(Number.NaN), 'ELF_TRUNCATED', 'here: needs NaN bytes at 100, ends at 108'],
  ['take of a negative count', c => c.take(-1), 'ELF_TRUNCATED', 'here: needs -1 bytes at 100, ends at 108'],
  ['take of 2^53', c => c.take(2 ** 53), 'ELF_TRUNCATED', 'here: needs 9007199254740992 bytes at 100, ends at 108'],
  ['seek past the end', c => c.seek(9), 'ELF_TRUNCATED', 'here: needs 0 bytes at 109, ends at 108'],
  ['seek to NaN', c => c.seek(Number.NaN), 'ELF_TRUNCATED', 'here: needs 0 bytes at NaN, ends at 108'],
]
for (const [name, read, code, message] of refused) {
  test(`refuses ${name}`, () => {
    const small = Uint8Array.of(1, 2, 3, 4, 5, 6, 0, 0)
    const attempt = () => read(new Cursor(small, 'here', true, 100))
    expect(attempt).toThrow(ElfError)
    expect(attempt).toThrow(expect.objectContaining({code, message}))
  })
}

test('refuses a 64-bit number above 2^53 - 1', () => {
  expect(() => new Cursor(bytes, 'here', true, 100).u64()).toThrow(
    expect.objectContaining({code: 'ELF_LIMIT', message: 'here: the 64-bit number at 100 is out of range'}),
  )
})
