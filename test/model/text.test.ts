import {expect, test} from 'vitest'
import {visible} from '../../src/model/text.js'

test('visible shows what a terminal would obey', () => {
  expect(visible('a\u001b[2Jb\u202ec')).toBe('a\\u{1b}[2Jb\\u{202e}c')
})
