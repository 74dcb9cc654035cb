import fc from 'fast-check'
import {expect, test} from 'vitest'
import {formatTable, SortedTable} from '../../src/advisory/sorted-table.js'

const key = fc.stringMatching(/^[A-Z0-9é-]{1,12}$/)
const row = fc.array(fc.stringMatching(/^[a-z ]{0,5}$/), {minLength: 1, maxLength: 3})

test('finds what is there, and nothing else', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(key, row), {selector: ([name]) => name}), key, (rows, other) => {
      const map = new Map(rows)
      const table = new SortedTable(Buffer.from(`# header\n${formatTable(map, columns => columns.join('\t'))}`))
      for (const [name, columns] of rows) expect(table.find(name)).toEqual(columns)
      expect(table.find(other)).toEqual(map.get(other) ?? null)
    }),
  )
})

test('any bytes: an answer', () => {
  fc.assert(
    fc.property(fc.uint8Array({maxLength: 200}), key, (bytes, name) => {
      new SortedTable(bytes).find(name)
    }),
  )
})

test.each(['', '# only a header', '\n', '# header\n\n\n'])('nothing in %j', text => {
  expect(new SortedTable(Buffer.from(text)).find('CVE-2020-1234')).toBeNull()
})
