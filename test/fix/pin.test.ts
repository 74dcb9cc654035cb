import {describe, expect, test} from 'vitest'
import {allows, pinOf, raisedTo} from '../../src/fix/pin.js'

/** What apk-tools' doc/apk-world(5) calls a dependency with a version. */
describe('a pin', () => {
  const cases: [
    word: string,
    expected: [name: string, operator: string, version: string, tag: string | null] | null,
  ][] = [
    ['curl=8.5.0-r0', ['curl', '=', '8.5.0-r0', null]],
    ['php82~8.2', ['php82', '~', '8.2', null]],
    ['php82~=8.2', ['php82', '~=', '8.2', null]],
    ['libstdc++<13', ['libstdc++', '<', '13', null]],
    ['nginx>=1.25.3-r1@edge', ['nginx', '>=', '1.25.3-r1', 'edge']],
    ['nginx=$VERSION', ['nginx', '=', '$VERSION', null]],
    ['so:libc.so.1>2', ['so:libc.so.1', '>', '2', null]],
    ['curl', null],
    ['curl@edge', null],
    ['=1', null],
    ['curl=', null],
    ['!curl', null],
    ['curl=1=2', null],
  ]
  for (const [word, expected] of cases) {
    test(word, () => {
      const pin = pinOf(word)
      expect(pin && [pin.name, pin.operator, pin.version, pin.tag]).toEqual(expected)
    })
  }
})

describe('raised', () => {
  const cases: [pin: string, newest: string, expected: string | null][] = [
    ['a=8.5.0-r0', '8.9.1-r2', '8.9.1-r2'],
    ['a<=8.5.0-r0', '8.9.1-r2', '8.9.1-r2'],
    ['a~8', '9.1.2-r0', '9'],
    ['a~8.5', '8.9.1-r2', '8.9'],
    ['a~8.5.0', '8.9.1-r2', '8.9.1'],
    ['a~=8.5', '8.9.1-r2', '8.9'],
    ['a=~8.5', '8.9.1-r2', '8.9'],
    ['a~8.5.0-r0', '8.9.1-r2', '8.9.1-r2'],
    ['a~1.2.4_git20230717', '1.2.5_git20240512-r1', '1.2.5_git20240512'],
    ['a~8.5.0.1', '8.9-r2', '8.9'],
    ['a<8.6', '8.9.1-r2', '8.10'],
    ['a<9', '9.9.1-r2', '10'],
    ['a<8.5.1', '8.9.1-r2', '8.9.2'],
    ['a<8.5.0-r3', '8.9.1-r2', '8.9.1-r3'],
    ['a<8.5.0.0', '8.9.1-r2', '8.9.1.1'],
    ['a<1.1.1x', '1.1.1y-r0', '1.1.2'],
    ['a=1', 'not a version', null],
    ['a>9', '8.9.1-r2', null],
  ]
  for (const [text, newest, expected] of cases) {
    test(`${text} for ${newest}`, () => {
      const pin = pinOf(text)
      if (pin === null) throw new Error('no pin')
      const raised = raisedTo(newest, pin)
      expect(raised).toBe(expected)
      if (raised !== null) expect(allows({...pin, version: raised}, newest)).toBe(true)
    })
  }

  test('an identity allows no version', () => {
    expect(allows({name: 'a', operator: '><', version: 'Q1abc', tag: null}, '1-r0')).toBe(false)
  })
})
