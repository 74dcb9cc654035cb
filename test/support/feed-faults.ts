import {readFileSync, truncateSync, writeFileSync} from 'node:fs'
import type {ServerResponse} from 'node:http'
import {gzipSync} from 'node:zlib'
import {expect} from 'vitest'
import {filesIn} from '../../src/advisory/manifest.js'
import {PitonError} from '../../src/model/errors.js'
import type {NetLimits} from '../../src/model/limits.js'
import {type Fault, feedServer} from './feed-server.js'
import {fixesOf, refreshing, secdbText, smallFeeds} from './small-feeds.js'

/** Each of these for the file that is named; everything else is served as it should be. */
export const faultOn = (file: string, answer: (response: ServerResponse, count: number) => unknown): Fault => {
  return (seen, response, count) => {
    if (seen.file !== file) return false
    answer(response, count)
    return true
  }
}

export const main = 'secdb/v3.19/main.json'
export const kev = 'kev/known_exploited_vulnerabilities.json'
export const epss = 'epss/epss_scores-2026-01-16.csv'
const portal = '<!DOCTYPE html><html><body>Please log in to use the network</body></html>'
const send = (content: string | Uint8Array) => (response: ServerResponse) => response.end(content)

const bomb = gzipSync(Buffer.alloc(48 << 20, ' '))

/** Writes blanks for as long as somebody reads them. */
function blanks(response: ServerResponse): void {
  const chunk = Buffer.alloc(1 << 20, ' ')
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  }
  response.on('drain', more)
  more()
}

/** What goes wrong on the second update, after the first was right. */
export const faults: readonly [
  what: string,
  file: string,
  answer: (response: ServerResponse, count: number) => unknown,
  says: RegExp,
][] = [
  ['404', main, response => response.writeHead(404).end(), /v3.19\/main.json answers 404/],
  ['404', kev, response => response.writeHead(404).end(), /vulnerabilities.json answers 404/],
  ['429, again and again', main, response => response.writeHead(429).end(), /answers 429/],
  ['429, for an hour', main, response => response.writeHead(429, {'retry-after': '3600'}).end(), /answers 429/],
  ['500', kev, response => response.writeHead(500).end('oops'), /answers 500/],
  ['503', main, response => response.writeHead(503).end(), /answers 503/],
  ['a captive portal', main, send(portal), /is a web page where the feed should be/],
  ['a captive portal', kev, send(portal), /is a web page where the feed should be/],
  ['a captive portal', epss, send(portal), /is a web page where the feed should be/],
  [
    'a captive portal that redirects',
    kev,
    response => response.writeHead(302, {location: '/login'}).end(),
    /answers 404|web page/,
  ],
  [
    'a page that calls itself compressed',
    main,
    response => response.writeHead(200, {'content-encoding': 'gzip'}).end(gzipSync(portal)),
    /is a web page/,
  ],
  ['nothing', main, send(''), /is empty/],
  ['{}', main, send('{}'), /is not a secdb document: reponame or distroversion is not a string/],
  ['null', main, send('null'), /is no json/],
  ['a list', main, send('[]'), /is not a secdb document: it is not a JSON object/],
  ['{}', kev, send('{}'), /has no list of vulnerabilities/],
  ['a list that is an object', kev, send('{"vulnerabilities": {}}'), /has no list of vulnerabilities/],
  ['null', kev, send('null'), /is no json/],
  ['a branch that is another', main, send(secdbText('v3.18', 'main', fixesOf())), /says that it is v3.18\/main/],
  [
    'packages that are empty',
    main,
    send('{"distroversion":"v3.19","reponame":"main","packages":{}}'),
    /more than half are gone/,
  ],
  [
    'packages that are null',
    main,
    send('{"distroversion":"v3.19","reponame":"main","packages":null}'),
    /more than half are gone/,
  ],
  [
    'half of the advisories',
    main,
    send(secdbText('v3.19', 'main', fixesOf(14))),
    /v3.19 has 15 entries of 31: more than half are gone/,
  ],
  ['half of a catalogue', kev, send('{"catalogVersion":"2026.01.16","vulnerabilities":[]}'), /kev has 0 entries of 24/],
  [
    'a catalogue of an earlier day',
    kev,
    send(
      JSON.stringify({
        catalogVersion: '2024.01.01',
        vulnerabilities: fixesOf(24) && Array.from({length: 24}, (_, index) => ({cveID: `CVE-2025-${1001 + index}`})),
      }),
    ),
    /kev is of 2024-01-01, older than/,
  ],
  [
    'cut JSON',
    main,
    send(secdbText('v3.19', 'main', fixesOf()).slice(0, 500)),
    /is not a secdb document: it is not JSON/,
  ],
  [
    'cut on the way, again and again',
    main,
    response => {
      response.writeHead(200, {'content-length': 5000})
      response.write('{"distroversion"', () => setTimeout(() => response.destroy(), 5))
    },
    /the connection was cut/,
  ],
  [
    'cut gzip',
    main,
    response =>
      response
        .writeHead(200, {'content-encoding': 'gzip'})
        .end(gzipSync(secdbText('v3.19', 'main', fixesOf())).subarray(0, 100)),
    /gzip stream is damaged/,
  ],
  [
    'gzip that is none',
    main,
    response => response.writeHead(200, {'content-encoding': 'gzip'}).end('{"distroversion": "v3.19"}'),
    /is no gzip/,
  ],
  [
    'a bomb',
    kev,
    response => response.writeHead(200, {'content-encoding': 'gzip'}).end(bomb),
    /is empty|is no json|has more than/,
  ],
  [
    'another compression',
    main,
    response => response.writeHead(200, {'content-encoding': 'br'}).end('x'),
    /compressed in a way that was not asked for: br/,
  ],
  [
    'a size of 3 GB',
    main,
    response => response.writeHead(200, {'content-length': 3e9}).write('{'),
    /has more than 67108864 bytes/,
  ],
  ['2 GB of blanks', main, blanks, /is empty/],
  [
    'a redirect to plain HTTP',
    main,
    response => response.writeHead(302, {location: 'http://feeds.invalid/main.json'}).end(),
    /feeds.invalid.* is not asked: it is not HTTPS/,
  ],
  [
    'redirects without end',
    main,
    response => response.writeHead(302, {location: `/${main}`}).end(),
    /redirects more than 5 times/,
  ],
]

/** The same, of servers that take their time. */
export const waits: typeof faults = [
  ['no answer', main, () => {}, /no answer in time/],
  [
    'an answer that stops',
    main,
    response => {
      response.writeHead(200, {'content-length': 5000})
      response.write('{"distroversion"')
    },
    /its answer stopped coming/,
  ],
]

/** One update that is right, one on which something goes wrong, one that makes it good. */
export async function checkFault(
  file: string,
  answer: (response: ServerResponse, count: number) => unknown,
  says: RegExp,
  limits: Partial<NetLimits> = {},
): Promise<void> {
  const files = smallFeeds()
  const server = await feedServer(files)
  const {update, places} = await refreshing()
  const {database: old} = await update(server.url)
  const before = filesIn(places.database)
  for (const [path, content] of smallFeeds('2026-01-16')) files.set(path, content)
  server.fault = faultOn(file, answer)
  const {failures, database, isChanged} = await update(server.url, {}, limits)
  expect(failures.map(({error}) => (error instanceof PitonError ? error.message : String(error)))).toEqual([
    expect.stringMatching(says),
  ])
  // What else was fetched is new; what failed is what it was.
  expect(isChanged).toBe(true)
  expect(database.load('v3.18')?.date).toBe('2026-01-16')
  const after = filesIn(places.database)
  const table = file === main ? 'advisories/v3.19.tsv' : file === kev ? 'kev.tsv' : 'epss.tsv'
  expect(after.get(table)).toEqual(before.get(table))
  expect(old.load('v3.19')?.count).toBe(31)
  // And the next update makes it good.
  server.fault = () => false
  const repaired = await update(server.url)
  expect([repaired.failures, repaired.database.load('v3.19')?.date]).toEqual([[], '2026-01-16'])
  expect(filesIn(places.database).get(table)).not.toEqual(before.get(table))
}

/** What a power cut leaves: files that are cut, empty, or full of zeros. */
export const tears: readonly [what: string, damage: (path: string) => void][] = [
  ['cut', path => truncateSync(path, 100)],
  ['empty', path => writeFileSync(path, '')],
  ['zeros', path => writeFileSync(path, Buffer.alloc(readFileSync(path).length))],
]
