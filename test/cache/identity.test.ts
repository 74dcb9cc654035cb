import {mkdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {identityOf} from '../../src/cache/identity.js'
import {temporaryFile, temporaryFolder, writeFiles} from '../support/files.js'
import {settled} from '../support/settled.js'

const changes: [name: string, change: (path: string) => void][] = [
  ['other bytes', path => writeFileSync(path, 'other')],
  [
    'other bytes of the same length, and the old time put back',
    path => {
      const {atime, mtime} = statSync(path)
      writeFileSync(path, 'BYTES')
      utimesSync(path, atime, mtime)
    },
  ],
  [
    'another file with the same bytes in its place',
    path => {
      writeFileSync(`${path}.new`, 'bytes')
      renameSync(`${path}.new`, path)
    },
  ],
]
for (const [name, change] of changes) {
  test(`a file is another after: ${name}`, async () => {
    const path = temporaryFile('bytes')
    await settled(path)
    const before = identityOf(path)
    expect(before).not.toBeNull()
    expect(identityOf(path)).toEqual(before)
    change(path)
    expect(identityOf(path)).toBeNull()
    await settled(path)
    expect(identityOf(path)).not.toBeNull()
    expect(identityOf(path)).not.toEqual(before)
  })
}

test('a folder is another when a file in it is, or when one comes or goes', async () => {
  const folder = writeFiles(temporaryFolder(), [
    ['index.json', '{}'],
    ['blobs/sha256/00', 'blob'],
  ])
  const states = new Set<string>()
  const look = async () => {
    await settled(folder)
    states.add(JSON.stringify(identityOf(folder)))
  }
  await look()
  writeFileSync(join(folder, 'blobs/sha256/00'), 'BLOB')
  await look()
  writeFileSync(join(folder, 'blobs/sha256/01'), '')
  await look()
  rmSync(join(folder, 'blobs/sha256/01'))
  await look()
  expect([states.size, states.has('null')]).toEqual([3, false])
})

test('there is none of what is not there, of a device, nor of a folder that holds itself', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'a'))
  symlinkSync('..', join(folder, 'a/b'))
  expect([identityOf(join(folder, 'c')), identityOf('/dev/null'), identityOf(folder)]).toEqual([null, null, null])
})
