import {chmodSync, mkdirSync, readdirSync, writeFileSync} from 'node:fs'
import type {ServerResponse} from 'node:http'
import {describe, expect, test} from 'vitest'
import type {Feed} from '../../../src/advisory/feeds/feed.js'
import {feeds} from '../../../src/advisory/feeds/index.js'
import {filesIn, hashOf} from '../../../src/advisory/manifest.js'
import type {UpdateOptions} from '../../../src/advisory/update/update.js'
import {checkFault, faultOn, faults, main} from '../../support/feed-faults.js'
import {feedServer} from '../../support/feed-server.js'
import {fixesOf, refreshing, secdbText, smallFeeds} from '../../support/small-feeds.js'
import {selfSigned, tlsServer} from '../../support/tls.js'

/** Of each kind of fault one. */
const kinds: ReadonlySet<string> = new Set([
  '429, again and again',
  'a captive portal',
  'null',
  'half of the advisories',
  'cut gzip',
  '2 GB of blanks',
  'a redirect to plain HTTP',
])

describe('a feed that gives something else: the old data stay, and a sentence says why', () => {
  // One of each kind; test/hostile has all of them.
  test.each(faults.filter(([what]) => kinds.has(what)))('%s instead of %s', (_what, file, answer, says) =>
    checkFault(file, answer, says),
  )

  test('what passes is tried again', async () => {
    const server = await feedServer(smallFeeds())
    const {update} = await refreshing()
    server.fault = (_seen, response, count) => {
      if (count > 1) return false
      return response.writeHead(count % 2 === 0 ? 503 : 429, {'retry-after': '0'}).end()
    }
    expect((await update(server.url)).failures).toEqual([])
  })

  test('a cut document is taken up where it was cut', async () => {
    const files = smallFeeds()
    const server = await feedServer(files)
    const {update} = await refreshing()
    const content = files.get(main) as string
    server.fault = (seen, response, count) => {
      if (seen.file !== main) return false
      if (count === 1) return cutAfter(response, content, 700)
      const range = {'content-range': `bytes 700-${content.length - 1}/${content.length}`}
      return response.writeHead(206, {...range, etag: '"one"'}).end(content.slice(700))
    }
    const {failures, database} = await update(server.url)
    expect([failures, database.load('v3.19')?.count]).toEqual([[], 31])
    expect(server.seen.filter(({path}) => path.endsWith(main)).map(({range}) => range)).toEqual([
      undefined,
      'bytes=700-',
    ])
  })

  test('and by a later update, if it is still the same', async () => {
    const files = smallFeeds()
    const server = await feedServer(files)
    const {update} = await refreshing()
    const content = files.get(main) as string
    server.fault = faultOn(main, response => cutAfter(response, content, 700))
    expect((await update(server.url)).failures).toHaveLength(1)
    server.fault = () => false
    const {failures} = await update(server.url)
    expect(failures).toEqual([])
    // The server has another by now: it sends all of it.
    expect(server.seen.filter(({path}) => path.endsWith(main)).at(-1)?.range).toBe('bytes=700-')
  })

  test('with --force what is implausible is taken', async () => {
    const files = smallFeeds()
    const server = await feedServer(files)
    const {update} = await refreshing()
    await update(server.url)
    files.set(main, secdbText('v3.19', 'main', fixesOf(3)))
    const kept = await update(server.url)
    expect([kept.failures.length, kept.database.load('v3.19')?.count]).toEqual([1, 31])
    const forced = await update(server.url, {force: true})
    expect([forced.failures, forced.database.load('v3.19')?.count]).toEqual([[], 4])
    expect((await update(server.url)).failures).toEqual([])
  })

  test('a mirror that is older than what there is takes nothing back', async () => {
    const server = await feedServer(smallFeeds('2025-06-01'))
    const {update} = await refreshing()
    const {failures, database} = await update(server.url, {feeds: only('secdb')})
    expect(failures.map(({error}) => (error as Error).message)).toEqual(
      ['v3.18', 'v3.19', 'edge'].map(
        branch => `secdb ${branch} is of 2025-06-01, older than what is there, of 2025-12-01, which is kept`,
      ),
    )
    expect(database.date).toBe('2025-12-01')
    expect((await update(server.url, {feeds: only('secdb'), force: true})).database.load('edge')?.date).toBe(
      '2025-06-01',
    )
  })
})

/** The beginning of a document that has this tag, and then nothing. */
function cutAfter(response: ServerResponse, content: string, length: number): unknown {
  response.writeHead(200, {'content-length': content.length, etag: '"one"'})
  return response.write(content.slice(0, length), () => setTimeout(() => response.destroy(), 10))
}

const only = (...names: string[]): Feed[] => feeds.filter(({name}) => names.includes(name))

test('a certificate that nobody trusts', async () => {
  const server = await feedServer(smallFeeds(), {make: tlsServer(selfSigned())})
  const {update} = await refreshing()
  const {failures, isChanged} = await update(server.url.replace('http:', 'https:'))
  expect(isChanged).toBe(false)
  expect(failures.length).toBeGreaterThan(3)
  for (const {error} of failures) {
    expect(error).toMatchObject({
      code: 'NET_TLS',
      message: expect.stringContaining('certificate is not trusted'),
      hint: expect.stringContaining('SSL_CERT_FILE'),
    })
  }
})

test('pages of two feeds that fail at the same time: each has its own failure', async () => {
  const server = await feedServer(smallFeeds())
  const {update} = await refreshing()
  server.fault = ({file}, response) => (/index\.html$/.test(file) ? response.writeHead(403).end() : false)
  const {failures} = await update(server.url, {feeds: only('secdb', 'epss')})
  const told = failures.map(({feed, error}) => [feed, (error as Error).message] as const)
  expect(told.sort()).toEqual([
    ['epss', `${server.url}/epss/index.html answers 403`],
    ['secdb', `${server.url}/secdb/index.html answers 403`],
  ])
})

test('a mirror in plain HTTP elsewhere is not asked', async () => {
  const {update} = await refreshing()
  const {failures} = await update('http://mirror.invalid/', {feeds: only('kev')})
  expect(failures[0]?.error).toMatchObject({code: 'NET_INSECURE', hint: expect.stringContaining('--from DIR')})
})

test('a host that cannot be reached is not asked for every document', async () => {
  const server = await feedServer(smallFeeds())
  const {update} = await refreshing()
  let asked = 0
  server.fault = (seen, response) => {
    if (seen.file === 'secdb/index.html') return false
    asked++
    return response.destroy()
  }
  const {failures} = await update(server.url, {feeds: only('secdb', 'kev', 'releases')})
  expect(failures).toHaveLength(10)
  // Of 10 documents those that were under way at once, three times each.
  expect(asked).toBeLessThanOrEqual(24)
})

/** Things that go wrong on this machine. */
describe('a cache that cannot be used: what ships serves, and a sentence says why', () => {
  const isRoot = process.getuid?.() === 0

  test('a file where the folder should be', async () => {
    const server = await feedServer(smallFeeds())
    const {update, cache} = await refreshing()
    writeFileSync(cache, '')
    const {failures, database} = await update(server.url)
    expect(failures.map(({error}) => (error as Error).message)).toEqual([
      expect.stringMatching(/cannot be written: a part of it is not a folder|cannot be written: EEXIST/),
    ])
    expect(database.date).toBe('2025-12-01')
  })

  test.skipIf(isRoot)('a folder that may only be read', async () => {
    const server = await feedServer(smallFeeds())
    const {update, cache} = await refreshing()
    mkdirSync(cache)
    chmodSync(cache, 0o500)
    const {failures} = await update(server.url)
    expect(failures.map(({error}) => (error as Error).message)).toEqual([
      expect.stringContaining('you may not write there'),
    ])
  })

  test('a clock in the past: what is known holds, and nothing counts as fresh for years', async () => {
    const server = await feedServer(smallFeeds())
    const {update, places} = await refreshing()
    await update(server.url)
    const past: Partial<UpdateOptions> = {now: () => Date.parse('1999-01-01T00:00:00Z')}
    const {failures, database} = await update(server.url, past)
    expect([failures, database.date]).toEqual([[], '2026-01-15'])
    // Back in the present, all is as it was.
    const {failures: none, isChanged} = await update(server.url)
    expect([none, isChanged]).toEqual([[], false])
    expect(readdirSync(places.generations).length).toBeLessThanOrEqual(2)
  })
})

test('two at a time: each finds the other done, and neither harms the other', async () => {
  const server = await feedServer(smallFeeds())
  const {update, places} = await refreshing()
  const waited: string[] = []
  const results = await Promise.all(
    Array.from({length: 4}, () => update(server.url, {onWait: holder => waited.push(holder)})),
  )
  expect(results.flatMap(({failures}) => failures)).toEqual([])
  expect(results.filter(({isChanged}) => isChanged)).toHaveLength(1)
  expect(waited.length).toBe(3)
  expect(waited[0]).toContain(`process ${process.pid}`)
  expect(hashOf(filesIn(places.database))).toBe(hashOf(filesIn(results[0]?.database.location ?? '')))
})
