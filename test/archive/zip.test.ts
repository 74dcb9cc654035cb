import * as fc from 'fast-check'
import {expect, test} from 'vitest'
import {listZip, readZipEntry} from '../../src/archive/zip.js'
import {memorySource} from '../../src/bytes/source.js'
import {PitonError} from '../../src/model/errors.js'
import {type ZipItem, zipOf} from '../support/zip.js'

const items: readonly ZipItem[] = [
  {name: 'stored.txt', body: Buffer.from('stored')},
  {name: 'über/deflated.txt', body: Buffer.from('deflated '.repeat(100)), deflated: true},
]

const archives: [name: string, bytes: Buffer][] = [
  ['plain', zipOf(items)],
  ['with a comment', zipOf(items, {comment: 'PK\u0005\u0006 not the end'})],
  ['in the large form', zipOf(items, {large: true})],
  ['behind a launcher', Buffer.concat([Buffer.from('#!/bin/sh\nexec java -jar "$0"\n'), zipOf(items)])],
]
for (const [name, bytes] of archives) {
  test(`zip ${name}`, () => {
    const source = memorySource(bytes)
    const read = listZip(source, 'a.zip').map(entry => {
      const body = readZipEntry(source, entry, 10_000, 'a.zip')
      return [entry.name, Buffer.from(body.read(0, body.sizeBytes)).toString()]
    })
    expect(read).toEqual(items.map(({name, body}) => [name, Buffer.from(body).toString()]))
  })
}

test('zip: an empty archive', () => expect(listZip(memorySource(zipOf([])), 'a.zip')).toEqual([]))

const refused: [name: string, bytes: Buffer, code: string][] = [
  ['no archive', Buffer.from('PK'), 'ARCHIVE_BAD_HEADER'],
  ['cut off', zipOf(items).subarray(20), 'ARCHIVE_BAD_HEADER'],
]
for (const [name, bytes, code] of refused) {
  test(`zip refused: ${name}`, () =>
    expect(() => listZip(memorySource(bytes), 'a.zip')).toThrow(expect.objectContaining({code})))
}

test('zip: an entry that is larger than the limit is refused before it is read', () => {
  const source = memorySource(zipOf(items))
  const [, entry] = listZip(source, 'a.zip')
  expect(() => entry && readZipEntry(source, entry, 100, 'a.zip')).toThrow(
    expect.objectContaining({code: 'ARCHIVE_LIMIT'}),
  )
})

test('zip: any bytes end in entries or a PitonError', () => {
  const whole = [zipOf(items), zipOf(items, {large: true})]
  const changed = fc.tuple(fc.constantFrom(...whole), fc.array(fc.tuple(fc.nat(400), fc.nat(255)), {maxLength: 8}))
  fc.assert(
    fc.property(changed, ([bytes, changes]) => {
      const copy = Buffer.from(bytes)
      for (const [at, value] of changes) copy[at % copy.length] = value
      const source = memorySource(copy)
      try {
        for (const entry of listZip(source, 'a.zip')) readZipEntry(source, entry, 10_000, 'a.zip')
      } catch (error) {
        if (!(error instanceof PitonError)) throw error
      }
    }),
    {numRuns: 2000},
  )
})
