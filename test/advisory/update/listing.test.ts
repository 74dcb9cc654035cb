import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {namesIn} from '../../../src/advisory/update/listing.js'
import {pageOf} from '../../support/feed-server.js'
import {shared} from '../../support/shared.js'

const page = 'https://mirror.example/piton/secdb/'
const link = (...hrefs: readonly string[]) => hrefs.map(href => `<li><a href="${href}">x</a>`).join('\n')

test.each<[what: string, html: string, names: readonly string[]]>([
  ['of nginx', pageOf(['v3.9/', 'v3.10/', 'edge/', 'last-update']), ['edge', 'last-update', 'v3.10', 'v3.9']],
  ['of Python', link('v3.9/', 'a%20b/', 'x.csv'), ['v3.9', 'x.csv']],
  ['of Apache, which sorts by links', link('?C=N;O=D', '/piton/', 'v3.9/'), ['v3.9']],
  ['with whole paths', link('/piton/secdb/v3.9/', 'https://mirror.example/piton/secdb/edge/'), ['edge', 'v3.9']],
  [
    'that leads elsewhere',
    link('../', '/', 'https://evil.example/v3.9/', '//evil.example/v3.8/', 'v3.9/main.json', 'javascript:x'),
    [],
  ],
  ['that leads up by names', link('..%2f..%2fetc', '%2e%2e/', '.', '...'), []],
  ['without quotes', '<A HREF=v3.9/>x</A>', ['v3.9']],
  ['of a captive portal', '<html><form action="/login"></form></html>', []],
  ['of nothing', '', []],
])('a page %s', (_what, html, names) => {
  expect(namesIn(html, page)).toEqual(names)
  expect(namesIn(html, `${page}index.html`)).toEqual(names)
})

const secdb = shared('feeds/secdb/index.html')
test.skipIf(secdb === null)('the index page of the secdb: 21 branches', () => {
  const names = namesIn(readFileSync(secdb ?? '', 'utf8'), 'https://secdb.alpinelinux.org/')
  expect(names.filter(name => /^v\d|^edge/.test(name))).toHaveLength(21)
})
