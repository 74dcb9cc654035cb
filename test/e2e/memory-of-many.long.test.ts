import {statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {expect, test} from 'vitest'
import {elfOf} from '../support/elf.js'
import {ociArchive} from '../support/images.js'
import {piton, temporaryFolder} from '../support/piton.js'
import {file, tarOf} from '../support/tar.js'

/** No input, however it is made, takes more. */
const most = 512 * 1024 ** 2

const release = file('etc/os-release', 'ID=alpine\nVERSION_ID=3.20.0\n')

/** An installed database of many packages, each of an origin of its own. */
function database(count: number, version = 1): string {
  return Array.from(
    {length: count},
    (_, n) => `C:Q1AbCdEfGhIjKlMnOpQrStUvWxYz0=\nP:p${n}\nV:${version}.${n % 9}-r0\nA:x86_64\nT:t\nL:MIT\no:o${n}\n`,
  ).join('\n')
}

function scanned(image: Buffer, ...args: string[]) {
  const path = join(temporaryFolder(), 'image.tar')
  writeFileSync(path, image)
  return piton(['scan', '--no-cache', '--no-progress', ...args, path])
}

for (const format of ['json', 'cyclonedx', 'spdx', 'sarif', 'html']) {
  test(`200,000 packages as ${format}`, {timeout: 120_000}, async () => {
    const out = join(temporaryFolder(), 'report')
    const image = tarOf([release, file('lib/apk/db/installed', database(200_000))])
    const {code, peakBytes} = await scanned(image, '-o', `${format}=${out}`)
    expect(code).toBe(0)
    expect(statSync(out).size).toBeGreaterThan(1000)
    expect(peakBytes).toBeLessThan(most)
  })
}

test('20 layers, each with a database of 200,000 other packages', {timeout: 120_000}, async () => {
  const layers = Array.from({length: 20}, (_, layer) => {
    const files = [file('lib/apk/db/installed', database(200_000, layer))]
    return gzipSync(tarOf(layer === 0 ? [release, ...files] : files), {level: 1})
  })
  const {code, stdout, peakBytes} = await scanned(ociArchive({layers}), '-o', 'json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout).packages[0]).toMatchObject({name: 'p0', version: '19.0-r0', layer: 19})
  expect(peakBytes).toBeLessThan(most)
})

/** A shared library of a header alone: what a record of it takes is not in proportion to anything. */
function tinyElf(): Buffer {
  const bytes = Buffer.from(elfOf().bytes.subarray(0, 64))
  // e_phoff and e_shoff; e_phnum; e_shnum and e_shstrndx.
  bytes.fill(0, 32, 48).fill(0, 56, 58).fill(0, 60, 64)
  return bytes
}

test('100,000 tiny ELF files', {timeout: 120_000}, async () => {
  const bytes = tinyElf()
  const files = Array.from({length: 100_000}, (_, n) => file(`usr/lib/lib${n}.so`, bytes, {mode: 0o755}))
  const {code, stdout, peakBytes} = await scanned(gzipSync(tarOf([release, ...files]), {level: 1}), '-o', 'json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({complete: false})
  expect(peakBytes).toBeLessThan(most)
})

const vex: [name: string, statements: () => string][] = [
  [
    '400,000 statements',
    () =>
      Array.from(
        {length: 400_000},
        (_, n) => `{"vulnerability":{"name":"CVE-2024-${n}"},"status":"fixed","products":["pkg:apk/a/x${n}"]}`,
      ).join(),
  ],
  [
    'a statement about 1,200,000 products',
    () =>
      `{"vulnerability":{"name":"CVE-2024-1"},"status":"fixed","products":[${Array.from({length: 1_200_000}, (_, n) => `{"@id":"x${n}"}`).join()}]}`,
  ],
]
for (const [name, statements] of vex) {
  test(`VEX: ${name}`, {timeout: 120_000}, async () => {
    const path = join(temporaryFolder(), 'vex.json')
    const head = '"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://example.test/1","author":"a","version":1'
    writeFileSync(path, `{${head},"statements":[${statements()}]}`)
    const image = tarOf([release, file('lib/apk/db/installed', database(1))])
    const {code, stdout, peakBytes} = await scanned(image, '--vex', path, '-o', 'json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout).warnings).toContainEqual(expect.objectContaining({code: 'VEX_UNUSED'}))
    expect(peakBytes).toBeLessThan(most)
  })
}
