import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'
import {FeedBody} from '../../../src/advisory/feeds/body.js'
import type {FeedRequest, RatedID} from '../../../src/advisory/feeds/feed.js'

/** A document that was fetched. */
export function bodyOf(content: string | Uint8Array, where = 'feed.json'): FeedBody {
  const folder = mkdtempSync(join(tmpdir(), 'piton-test-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  const file = join(folder, 'body')
  writeFileSync(file, content)
  return new FeedBody(file, where)
}

/** What a feed is asked for. */
export function requestOf(overrides: Partial<FeedRequest> & {readonly listing?: readonly string[]} = {}): FeedRequest {
  const {listing = null, ...rest} = overrides
  return {
    branches: null,
    architectures: [],
    wanted: new Set(),
    unrated: [],
    env: {},
    isService: true,
    list: async () => listing,
    ...rest,
  }
}

/** `CVE-2024-1 source vector`, one for each vector; the id alone where it has none. */
export async function rated(found: AsyncIterable<RatedID> | Iterable<RatedID>): Promise<string[]> {
  const rows: string[] = []
  for await (const {id, ratings} of found) {
    rows.push(...(ratings.length === 0 ? [id] : ratings.map(({source, vector}) => `${id} ${source} ${vector}`)))
  }
  return rows
}
