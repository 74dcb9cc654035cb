import {expect, test} from 'vitest'
import {NameSet} from '../../src/elf/name-set.js'

const names = new NameSet(['strcpy', 'strcpy_s', 'é', 'x'])
const table = Buffer.from('\0strcpy\0mystrcpy\0strcpy_\0strcpy_so_long\0é\0x\0xy\0strcpy')

const cases: [text: string, from: number, expected: string | null][] = [
  ['a name', table.indexOf('strcpy'), 'strcpy'],
  ['the end of a longer name', table.indexOf('mystrcpy') + 2, 'strcpy'],
  ['a longer name', table.indexOf('strcpy_\0'), null],
  ['one longer than any of the set', table.indexOf('strcpy_so'), null],
  ['bytes outside ASCII', table.indexOf('é'), 'é'],
  ['one byte', table.indexOf('\0x\0') + 1, 'x'],
  ['one byte and another', table.indexOf('xy'), null],
  ['an empty name', 0, null],
  ['a name without an end', table.lastIndexOf('strcpy'), null],
  ['an offset behind the end', table.length, null],
  ['an offset far behind the end', 2 ** 32, null],
]
for (const [text, from, expected] of cases) {
  test(`${text}: ${expected}`, () => expect(names.match(table, from)).toBe(expected))
}
