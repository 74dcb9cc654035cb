import {expect, test} from 'vitest'
import {jsonShape} from '../../src/model/json-shape.js'

const cases: [text: string, depth: number, values: number][] = [
  ['', 0, 1],
  ['1', 0, 1],
  ['[]', 1, 2],
  ['{"a":[1,2,{"b":3}]}', 3, 6],
  ['"[[[,,,{{"', 0, 1],
  [String.raw`["\"[[[", "\\", [1]]`, 2, 5],
  ['[[[', 3, 4],
  [']]]', 0, 1],
]
for (const [text, depth, values] of cases) {
  test(`the shape of ${JSON.stringify(text)}`, () => {
    expect(jsonShape(Buffer.from(text))).toEqual({depth, values})
  })
}
