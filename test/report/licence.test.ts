import {expect, test} from 'vitest'
import {type Licence, licenceReader} from '../../src/report/licence.js'

const read = await licenceReader()

/** What real databases of Alpine 3.1 to 3.23 have, and what a stranger may write. */
const cases: [text: string, licence: Licence][] = [
  ['MIT', {kind: 'id', id: 'MIT'}],
  [' MIT ', {kind: 'id', id: 'MIT'}],
  ['GPL-2.0', {kind: 'id', id: 'GPL-2.0'}],
  ['GPL-2.0-only', {kind: 'id', id: 'GPL-2.0-only'}],
  ['MIT AND BSD-2-Clause AND GPL-2.0-or-later', expression('MIT AND BSD-2-Clause AND GPL-2.0-or-later')],
  ['GPL-2.0-or-later WITH GCC-exception-3.1', expression('GPL-2.0-or-later WITH GCC-exception-3.1')],
  ['(MIT  or Apache-2.0) and Zlib', expression('(MIT OR Apache-2.0) AND Zlib')],
  ['GPL2 LGPL2+', {kind: 'text', text: 'GPL2 LGPL2+'}],
  ['mit', {kind: 'text', text: 'mit'}],
  ['custom', {kind: 'text', text: 'custom'}],
  ['LicenseRef-x AND MIT', {kind: 'text', text: 'LicenseRef-x AND MIT'}],
  ['', {kind: 'none'}],
  ['__proto__', {kind: 'text', text: '__proto__'}],
]
for (const [text, licence] of cases) {
  test(`the licence ${JSON.stringify(text)}`, () => expect(read(text)).toEqual(licence))
}

test('a licence of a million parentheses is text', () => {
  const text = '('.repeat(1_000_000)
  expect(read(text)).toEqual({kind: 'text', text})
})

function expression(text: string): Licence {
  return {kind: 'expression', expression: text}
}
