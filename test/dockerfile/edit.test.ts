import {expect, test} from 'vitest'
import {applyChanges, type Change} from '../../src/dockerfile/edit.js'

const replace = (line: number, startColumn: number, endColumn: number, text: string): Change => ({
  kind: 'replace',
  span: {line, startColumn, endColumn},
  text,
})
const insert = (after: number, ...lines: string[]): Change => ({kind: 'insert', after, lines})

const cases: [name: string, before: string, changes: readonly Change[], after: string][] = [
  ['nothing', 'a\r\n\nb', [], 'a\r\n\nb'],
  ['a part of a line', 'FROM a:1 AS x\n', [replace(1, 8, 9, '2.0')], 'FROM a:2.0 AS x\n'],
  ['two parts of a line', 'a=1 b=1\n', [replace(1, 3, 4, '22'), replace(1, 7, 8, '33')], 'a=22 b=33\n'],
  ['the first line, after a mark', '\ufeffa=1', [replace(1, 3, 4, '2')], '\ufeffa=2'],
  ['a line of Windows', 'a\r\nb=1\r\n', [replace(2, 3, 4, '2')], 'a\r\nb=2\r\n'],
  ['new lines', 'a\nb\n', [insert(1, 'x', 'y')], 'a\nx\ny\nb\n'],
  ['new lines of Windows', 'a\r\nb\r\n', [insert(1, 'x', 'y')], 'a\r\nx\r\ny\r\nb\r\n'],
  ['after the last line, which has no end', 'a\nb', [insert(2, 'x', 'y')], 'a\nb\nx\ny'],
  ['after the last line of Windows', 'a\r\nb', [insert(2, 'x')], 'a\r\nb\r\nx'],
  ['after the only line', 'a', [insert(1, 'x')], 'a\nx'],
  ['mixed ends: as the line before', 'a\r\nb\nc\n', [insert(1, 'x'), insert(2, 'y')], 'a\r\nx\r\nb\ny\nc\n'],
  [
    'all at once, in any order',
    'a=1\nb=1\n',
    [replace(1, 3, 4, '2'), insert(1, 'x'), replace(2, 3, 4, '3')],
    'a=2\nx\nb=3\n',
  ],
]
for (const [name, before, changes, after] of cases) {
  test(name, () => {
    expect(applyChanges(before, changes)).toBe(after)
    expect(applyChanges(before, changes.toReversed())).toBe(after)
  })
}
