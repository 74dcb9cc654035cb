import {expect, test} from 'vitest'
import {Items, safeJSONPieces} from '../../src/report/safe-json.js'

const numbers = Array.from({length: 250}, (_, index) => index)

/** Each with the lists that are written in parts; what JSON.stringify makes of the whole is the judge. */
const documents: [name: string, items: Record<string, readonly unknown[]>, plain: Record<string, unknown>][] = [
  ['nothing', {}, {}],
  ['no list', {}, {a: 1, b: {c: [1, 2], d: {}}, e: null, f: 'text'}],
  ['an empty list', {list: []}, {a: 1}],
  ['only an empty list', {list: []}, {}],
  ['several parts', {list: numbers}, {a: 1}],
  ['exactly one part', {list: numbers.slice(0, 100)}, {}],
  ['lists and objects in a list', {list: [[], {}, [1, [2]], {a: {b: [{}]}}, null, 'x']}, {}],
  ['two lists', {one: numbers, other: ['a']}, {a: []}],
  ['a name that JSON quotes', {'a "list"\n': [1]}, {'': 1}],
  ['what JSON leaves out', {list: [undefined]}, {gone: undefined, here: 1}],
]

for (const [name, lists, plain] of documents) {
  test(`JSON in pieces is the JSON of the whole: ${name}`, () => {
    const items = Object.entries(lists).map(([key, list]) => [key, new Items(list, one => one)] as const)
    const pieces = [...safeJSONPieces({...Object.fromEntries(items), ...plain})]
    expect(pieces.join('')).toBe(`${JSON.stringify({...lists, ...plain}, null, 2)}\n`)
  })
}

test('each piece is made safe, and parses back', () => {
  const [mark, control] = ['##[error]', '\u001b[31m\u009b\u202e']
  const text = [...safeJSONPieces({[mark]: control, list: new Items([mark, control], one => one)})].join('')
  expect(text).not.toMatch(/##\[|[^\n -~]/)
  expect(JSON.parse(text)).toEqual({[mark]: control, list: [mark, control]})
})

test('an item is made when its piece is asked for', () => {
  let made = 0
  const pieces = safeJSONPieces({list: new Items(numbers, () => ++made)})
  pieces.next()
  expect(made).toBeLessThan(numbers.length)
})
