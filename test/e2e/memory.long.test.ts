import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {expect, test} from 'vitest'
import {elfOf} from '../support/elf.js'
import {dockerArchive, ociArchive} from '../support/images.js'
import {piton, temporaryFolder} from '../support/piton.js'
import {file, tarOf} from '../support/tar.js'
import {zstdBlock, zstdHeader} from '../support/zstd.js'

const megabyte = 1e6
const bodyBytes = 8 * megabyte

/** 480 MB of programs in four layers. */
const layers = Array.from({length: 4}, (_, layer) => {
  const head = elfOf().bytes
  const body = Buffer.concat([head, Buffer.alloc(bodyBytes - head.length)])
  return tarOf(Array.from({length: 15}, (_, index) => file(`usr/bin/program-${layer}-${index}`, body, {mode: 0o755})))
})

// The bodies of programs are all that is large, and once a program is read nothing of it may hold on to its body.
const forms: [name: string, image: () => Buffer][] = [
  ['an OCI archive with gzip layers', () => ociArchive({layers: layers.map(layer => gzipSync(layer, {level: 1}))})],
  ['a docker-archive that is gzip as a whole', () => gzipSync(dockerArchive({layers}), {level: 1})],
]
for (const [name, image] of forms) {
  test(`${name} takes a fraction of what it unpacks to`, {timeout: 120_000}, async () => {
    const path = join(temporaryFolder(), 'image.tar')
    writeFileSync(path, image())
    const {code, stderr, stdout, peakBytes} = await piton(['scan', '--no-cache', '-o', 'json', path])
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout).files).toHaveLength(60)
    expect(peakBytes).toBeLessThan(300 * megabyte)
  })
}

test('an OCI archive with a zstd layer lets go of what was inflated', {timeout: 120_000}, async () => {
  const tar = tarOf([file('var/data', Buffer.alloc(200 * megabyte, 'data')), file('usr/bin/program', elfOf().bytes)])
  const blocks = [zstdHeader(17)]
  for (let at = 0; at < tar.length; at += 131_072) {
    const part = tar.subarray(at, at + 131_072)
    blocks.push(zstdBlock('raw', part.toString('latin1'), part.length, at + part.length === tar.length))
  }
  const path = join(temporaryFolder(), 'image.tar')
  writeFileSync(path, ociArchive({layers: [Buffer.concat(blocks)]}))
  const {code, stderr, stdout, peakBytes} = await piton(['scan', '--no-cache', '-o', 'json', path])
  expect([code, stderr]).toEqual([0, ''])
  expect(JSON.parse(stdout).files).toHaveLength(1)
  expect(peakBytes).toBeLessThan(250 * megabyte)
})
