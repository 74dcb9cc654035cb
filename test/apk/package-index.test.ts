import {gzipSync} from 'node:zlib'
import {expect, test} from 'vitest'
import {readIndexArchive} from '../../src/apk/index-archive.js'
import {parsePackageIndex} from '../../src/apk/package-index.js'
import {file, member, tarOf} from '../support/tar.js'

const index = [
  'C:Q1x=\nP:libssl3\nV:3.0.8-r4\nA:x86_64\no:openssl\nt:1680000000\nk:10\np:so:libssl.so.3=3 libssl\n',
  'P:bash\nV:5.2.15-r0\np:cmd:bash=5.2.15-r0\n',
  'P:no-version\n',
  'V:1\n',
].join('\n')

test('an index gives name, version, provides, priority and build time', () => {
  expect(parsePackageIndex(Buffer.from(index))).toEqual([
    {
      name: 'libssl3',
      version: '3.0.8-r4',
      origin: 'openssl',
      provides: ['so:libssl.so.3=3', 'libssl'],
      priority: 10,
      buildTime: 1680000000,
    },
    {
      name: 'bash',
      version: '5.2.15-r0',
      origin: 'bash',
      provides: ['cmd:bash=5.2.15-r0'],
      priority: 0,
      buildTime: null,
    },
  ])
})

const signature = gzipSync(member(file('.SIGN.RSA.alpine.rsa.pub', 'x'.repeat(512))))

test('an archive is a signature and an index, each compressed on its own', async () => {
  const rest = gzipSync(tarOf([file('DESCRIPTION', 'v3.17'), file('APKINDEX', index)]))
  const bytes = await readIndexArchive(Buffer.concat([signature, rest]), 'APKINDEX.tar.gz')
  expect(Buffer.from(bytes).toString()).toBe(index)
})

const refused: [name: string, bytes: Buffer, code: string][] = [
  ['without an index', signature, 'APK_BAD_RECORD'],
  ['cut off', gzipSync(member(file('APKINDEX', index)).subarray(0, 600)), 'ARCHIVE_TRUNCATED'],
  ['larger than any index', gzipSync(member(file('APKINDEX', '', {size: 2 ** 30}))), 'APK_LIMIT'],
]
for (const [name, bytes, code] of refused) {
  test(`refused: an archive ${name}`, () =>
    expect(readIndexArchive(bytes, 'APKINDEX.tar.gz')).rejects.toMatchObject({code}))
}
