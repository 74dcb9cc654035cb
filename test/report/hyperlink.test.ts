import {expect, test} from 'vitest'
import {hyperlink, rulePage} from '../../src/report/hyperlink.js'

/** OSC 8 ; parameters ; URL ST, and the same without a URL at its end. */
const link = (url: string, text: string) => `\u001b]8;;${url}\u001b\\${text}\u001b]8;;\u001b\\`

test('the text leads to the page, the blanks around it do not', () => {
  const url = 'https://security.alpinelinux.org/vuln/CVE-2024-6119'
  expect(hyperlink('CVE-2024-6119   ', url)).toBe(`${link(url, 'CVE-2024-6119')}   `)
})

test.each([
  ['nothing', null],
  ['an escape sequence', 'https://example.com/\u001b\\\u001b[31m'],
  ['a bell, which ends it too', 'https://example.com/\u0007'],
  ['another scheme', 'file:///etc/passwd'],
  ['a script', 'javascript:alert(1)'],
  ['blanks', 'https://example.com/a b'],
  ['letters beyond ASCII', 'https://example.com/\u202e'],
  ['a long one', `https://example.com/${'a'.repeat(5000)}`],
])('%s makes no link', (_, url) => {
  expect(hyperlink('text', url)).toBe('text')
})

test.each([
  ['PT2001', /#pt2001$/],
  ['CVE-2024-6119', null],
  ['PT2001\u001b', null],
  ['../PT2001', null],
])('the page of %j', (id, page) => {
  if (page === null) expect(rulePage(id)).toBeNull()
  else expect(rulePage(id)).toMatch(page)
})
