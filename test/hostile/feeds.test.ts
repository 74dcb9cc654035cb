import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {filesIn, hashOf} from '../../src/advisory/manifest.js'
import {checkFault, faults, main, tears, waits} from '../support/feed-faults.js'
import {feedServer} from '../support/feed-server.js'
import {refreshing, smallFeeds} from '../support/small-feeds.js'

describe('a feed that gives something else: the old data stay, and a sentence says why', () => {
  test.each(faults)('%s instead of %s', (_what, file, answer, says) => checkFault(file, answer, says))
  test.each(waits)('%s instead of %s', (_what, file, answer, says) =>
    checkFault(file, answer, says, {headMs: 500, idleMs: 500}),
  )
})

for (const [what, damage] of tears) {
  test.each([
    ['a branch', 'advisories/v3.19.tsv'],
    ['a table', 'severities.tsv'],
    ['the manifest', 'manifest.json'],
  ])(`%s that is ${what}: the next update makes it anew`, async (_name, path) => {
    const files = smallFeeds()
    const server = await feedServer(files)
    const {update, places} = await refreshing()
    await update(server.url)
    const whole = hashOf(filesIn(places.database))
    damage(join(places.database, path))
    const {failures} = await update(server.url)
    expect(failures).toEqual([])
    expect(hashOf(filesIn(places.database))).toBe(whole)
  })

  test.each([
    ['the state', 'state.json'],
    ['a copy of a feed', `feeds/${main}`],
  ])(`%s that is ${what}`, async (_name, path) => {
    const files = smallFeeds()
    const server = await feedServer(files)
    const {update, places} = await refreshing()
    await update(server.url)
    const whole = hashOf(filesIn(places.database))
    damage(join(places.home, path))
    files.set('secdb/last-update', '2026-01-16\n')
    const {failures} = await update(server.url)
    expect(failures).toEqual([])
    files.set('secdb/last-update', '2026-01-15\n')
    await update(server.url, {force: true})
    expect(hashOf(filesIn(places.database))).toBe(whole)
  })
}
