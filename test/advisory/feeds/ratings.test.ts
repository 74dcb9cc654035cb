import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {describe, expect, test} from 'vitest'
import {FeedBody} from '../../../src/advisory/feeds/body.js'
import {cveList} from '../../../src/advisory/feeds/cve-list.js'
import type {RatingFeed} from '../../../src/advisory/feeds/feed.js'
import {nvd} from '../../../src/advisory/feeds/nvd.js'
import {nvdApi} from '../../../src/advisory/feeds/nvd-api.js'
import {osv} from '../../../src/advisory/feeds/osv.js'
import {redhat} from '../../../src/advisory/feeds/redhat.js'
import {formatIndex, readIndex, severity} from '../../../src/advisory/feeds/severity.js'
import {PitonError} from '../../../src/model/errors.js'
import {shared} from '../../support/shared.js'
import {zipOf} from '../../support/zip.js'
import {bodyOf, rated, requestOf} from './feed-cases.js'

const v31 = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N'
const v2 = 'AV:N/AC:L/Au:N/C:P/I:P/A:P'
const trust = {keys: new Map()}

const record = {
  cveMetadata: {cveId: 'CVE-2024-3094'},
  containers: {
    cna: {metrics: [{other: {type: 'ssvc'}}, {format: 'CVSS', cvssV3_1: {vectorString: v31}}, null]},
    adp: [{metrics: [{cvssV2_0: {vectorString: v2}}]}, {metrics: {}}, null],
  },
}
const metric = (source: string, vectorString: unknown) => ({source, type: 'Primary', cvssData: {vectorString}})
const answer = {
  vulnerabilities: [
    {
      cve: {
        id: 'CVE-2024-0001',
        metrics: {
          cvssMetricV31: [metric('nvd@nist.gov', v31), metric('134c704f-9b21-4f2e-91b3-4a467353bcc0', v31)],
          cvssMetricV2: [metric('cna@example.org', v2), {cvssData: null}, metric('nvd@nist.gov', 7)],
          ssvc: [metric('nvd@nist.gov', v31)],
        },
      },
    },
    {cve: {id: 'CVE-2024-0002', vulnStatus: 'Rejected'}},
  ],
}
const alpine = [{package: {ecosystem: 'Alpine:v3.20', name: 'musl'}}]
const osvRecord = (fields: object) => ({severity: [{type: 'CVSS_V3', score: v31}], affected: alpine, ...fields})
const osvZip = (...records: readonly object[]) =>
  zipOf(
    records.map((fields, index) => ({
      name: `${index}.json`,
      body: Buffer.from(JSON.stringify(fields)),
      deflated: true,
    })),
  )

test.each<[what: string, feed: RatingFeed, content: string | Uint8Array, rows: readonly string[]]>([
  [
    'a CVE record: who assigned it, and others',
    cveList,
    JSON.stringify(record),
    [`CVE-2024-3094 cve5-cna ${v31}`, `CVE-2024-3094 cve5-adp ${v2}`],
  ],
  [
    'a CVE record without metrics',
    cveList,
    JSON.stringify({...record, containers: {cna: {metrics: null}, adp: {}}}),
    ['CVE-2024-3094'],
  ],
  [
    'an answer of NVD: its own rating, of CISA, of others; rejected',
    nvdApi,
    JSON.stringify(answer),
    [`CVE-2024-0001 nvd ${v31}`, `CVE-2024-0001 cve5-adp ${v31}`, `CVE-2024-0001 cve5-cna ${v2}`, 'CVE-2024-0002'],
  ],
  ['an empty answer of NVD', nvdApi, '{"vulnerabilities": []}', []],
  [
    'a year of NVD',
    nvd,
    gzipSync(JSON.stringify(answer)),
    [`CVE-2024-0001 nvd ${v31}`, `CVE-2024-0001 cve5-adp ${v31}`, `CVE-2024-0001 cve5-cna ${v2}`, 'CVE-2024-0002'],
  ],
  [
    'OSV: ids of both forms, without severity, of another ecosystem',
    osv,
    osvZip(
      osvRecord({id: 'CVE-2024-0001'}),
      osvRecord({id: 'ALPINE-CVE-2024-0002', upstream: ['CVE-2024-0002']}),
      osvRecord({id: 'CVE-2024-0003', severity: null}),
      osvRecord({id: 'CVE-2024-0004', affected: [{package: {ecosystem: 'Debian:12'}}]}),
      osvRecord({id: 'CVE-2024-0005', affected: {}}),
    ),
    [`CVE-2024-0001 osv-alpine ${v31}`, `CVE-2024-0002 osv-alpine ${v31}`, 'CVE-2024-0003'],
  ],
  [
    'Red Hat, one record',
    redhat,
    JSON.stringify({name: 'CVE-2024-0001', cvss: {cvss_scoring_vector: v2}, cvss3: {cvss3_scoring_vector: v31}}),
    [`CVE-2024-0001 redhat ${v2}`, `CVE-2024-0001 redhat ${v31}`],
  ],
  ['the index of a mirror', severity, `# x\nCVE-2024-0001\tv2\t${v2}\tnvd\n`, [`CVE-2024-0001 nvd ${v2}`]],
])('reads %s', async (_what, feed, content, rows) => {
  const [document] = await feed.plan(requestOf({unrated: ['CVE-2024-0001'], isService: feed !== severity}))
  if (document === undefined) throw new Error('no document')
  await feed.check(bodyOf(content), document, trust)
  expect(await rated(feed.rate(bodyOf(content), document))).toEqual(rows)
})

test.each([
  ['', 'is empty'],
  [`# x\nCVE-2024-0001\tv2\t${v2}`, 'ends in the middle of a line'],
  ['{}\n', 'is no table of cve, version, vector, source'],
])('the index of a mirror that is %j is refused', async (text, says) => {
  const [document] = await severity.plan(requestOf({isService: false}))
  if (document === undefined) throw new Error('no document')
  await expect((async () => severity.check(bodyOf(text), document, trust))()).rejects.toThrow(says)
})

const shapes = ['{}', 'null', '[]', '7', '""', '', '{"vulnerabilities": {}}', '{"vulnerabilities": [{}]}', '{"a": ']
test.each([cveList, nvdApi, redhat])('$name refuses what is none of its documents', async feed => {
  const [document] = await feed.plan(requestOf({unrated: ['CVE-2024-0001']}))
  if (document === undefined) throw new Error('no document')
  for (const shape of shapes) {
    await expect((async () => feed.check(bodyOf(shape), document, trust))()).rejects.toThrow(PitonError)
  }
})

test.each([nvd, osv, redhat])('$name refuses archives that are none', async feed => {
  const documents = await feed.plan(requestOf({isService: feed !== redhat, wanted: new Set(['CVE-2024-0001'])}))
  const [document] = documents
  if (document === undefined) throw new Error('no document')
  for (const content of [
    '',
    '<html>',
    gzipSync('{}'),
    gzipSync('null'),
    gzipSync('{"vulnerabilities":[').subarray(0, 25),
  ]) {
    const read = async () => {
      await feed.check(bodyOf(content), document, trust)
      return rated(feed.rate(bodyOf(content), document))
    }
    // A table of lines may be empty; what is in it must be records.
    if (feed === redhat && (content === '' || content.length === 0)) expect(await read()).toEqual([])
    else await expect(read()).rejects.toThrow(PitonError)
  }
})

describe('which documents are asked for', () => {
  const paths = async (feed: RatingFeed, request: Parameters<typeof requestOf>[0]) =>
    (await feed.plan(requestOf(request))).map(({path}) => path)

  test('one record for each CVE that has no rating, as its repository lays them out', async () => {
    const unrated = ['CVE-2024-3094', 'XSA-207', 'CVE-2024-1000001', 'CVE-2006-0001']
    expect(await paths(cveList, {unrated})).toEqual([
      'cve5/2024/3xxx/CVE-2024-3094.json',
      'cve5/2024/1000xxx/CVE-2024-1000001.json',
      'cve5/2006/0xxx/CVE-2006-0001.json',
    ])
    expect(await paths(redhat, {unrated})).toEqual([
      'redhat/CVE-2024-3094.json',
      'redhat/CVE-2024-1000001.json',
      'redhat/CVE-2006-0001.json',
    ])
  })

  test('NVD: the years of the ids, from 2002 on, and what changed', async () => {
    expect(await paths(nvd, {wanted: new Set(['CVE-1999-0001', 'CVE-2024-0001', 'CVE-2024-0002', 'XSA-1'])})).toEqual([
      'nvd/nvdcve-2.0-2002.json.gz',
      'nvd/nvdcve-2.0-2024.json.gz',
      'nvd/nvdcve-2.0-modified.json.gz',
    ])
  })

  test("NVD's API: few and slowly without a key, more and faster with one, which goes nowhere else", async () => {
    const unrated = Array.from({length: 500}, (_, index) => `CVE-2024-${1000 + index}`)
    const plain = await nvdApi.plan(requestOf({unrated}))
    const keyed = await nvdApi.plan(requestOf({unrated, env: {NVD_API_KEY: 's3cret'}}))
    const mirrored = await nvdApi.plan(requestOf({unrated, env: {NVD_API_KEY: 's3cret'}, isService: false}))
    expect([plain.length, plain[0]?.paceMs, plain[0]?.secrets]).toEqual([20, 6000, undefined])
    expect([keyed.length, keyed[0]?.paceMs, keyed[0]?.secrets?.['apiKey']?.reveal()]).toEqual([200, 600, 's3cret'])
    expect(JSON.stringify(keyed)).not.toContain('s3cret')
    expect(mirrored[0]?.secrets).toBeUndefined()
  })

  test('a mirror has an index of its own; no service has', async () => {
    expect(await paths(severity, {})).toEqual([])
    expect(await paths(severity, {isService: false})).toEqual(['severity/cvss.tsv'])
  })
})

test('the index of a mirror reads back what was written', () => {
  const rows = [
    {id: 'CVE-2024-0002', ratings: [{vector: v2, source: 'redhat'}]},
    {id: 'CVE-2024-0001', ratings: [{vector: v31, source: 'nvd'}]},
  ]
  const text = formatIndex(rows, '2026-01-01')
  expect(text.split('\n')[1]).toBe(`CVE-2024-0001\tv3.1\t${v31}\tnvd`)
  expect(readIndex(text)).toEqual(rows.toReversed())
})

const feeds = shared('feeds')
describe.skipIf(feeds === null)('over a copy of the feeds', () => {
  const folder = feeds ?? ''
  const file = (path: string) => new FeedBody(join(folder, path), path)
  const document = (path: string) => ({path, url: null, form: 'json' as const, limitBytes: 1e9, isOptional: false})

  /** Vectors that the index of the copy has from a source, by id. */
  function indexed(source: string): ReadonlySet<string> {
    return new Set(
      readIndex(readFileSync(join(folder, 'severity/cvss.tsv'), 'utf8')).flatMap(({id, ratings}) =>
        ratings.filter(rating => rating.source === source).map(({vector}) => `${id} ${vector}`),
      ),
    )
  }

  async function read(feed: RatingFeed, paths: readonly string[]): Promise<Map<string, Set<string>>> {
    const bySource = new Map<string, Set<string>>()
    for (const path of paths) {
      await feed.check(file(path), document(path), trust)
      for await (const {id, ratings} of feed.rate(file(path), document(path))) {
        for (const {source, vector} of ratings) {
          bySource.set(source, (bySource.get(source) ?? new Set()).add(`${id} ${vector}`))
        }
      }
    }
    return bySource
  }

  test('976 CVE records: every vector of the index, and no other', async () => {
    const paths = (readdirSync(join(folder, 'cve5'), {recursive: true}) as string[]).filter(path =>
      path.endsWith('.json'),
    )
    expect(paths).toHaveLength(976)
    const found = await read(
      cveList,
      paths.map(path => `cve5/${path}`),
    )
    for (const source of ['cve5-cna', 'cve5-adp']) {
      expect([...indexed(source)].filter(row => found.get(source)?.has(row) !== true)).toEqual([])
    }
  })

  test('50 records of NVD, 3 of them rejected', async () => {
    const paths = readdirSync(join(folder, 'nvd/cves-2.0')).map(name => `nvd/cves-2.0/${name}`)
    const found = await read(nvdApi, paths)
    const all = new Set([...found.values()].flatMap(rows => [...rows]))
    expect(paths).toHaveLength(50)
    expect([...indexed('nvd')].filter(row => !all.has(row))).toEqual([])
  })

  test("OSV's archive: 3655 records, 202 of them without a severity", async () => {
    const path = 'osv/Alpine/all.zip'
    const records: string[] = []
    let without = 0
    for await (const {id, ratings} of osv.rate(file(path), document(path))) {
      records.push(id)
      if (ratings.length === 0) without++
    }
    expect([records.length, without]).toEqual([3655, 202])
  })

  test('5235 records of Red Hat: every vector of it is in the index', async () => {
    const path = 'severity/redhat-cve.ndjson.gz'
    const found = await read(redhat, [path])
    const wanted = indexed('redhat')
    expect([...(found.get('redhat') ?? [])].filter(row => !wanted.has(row))).toEqual([])
    let records = 0
    for await (const _ of redhat.rate(file(path), document(path))) records++
    expect(records).toBe(5235)
  })
})
