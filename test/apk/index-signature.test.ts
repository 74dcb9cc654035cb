import {generateKeyPairSync, type KeyObject, sign} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {gzipSync} from 'node:zlib'
import {expect, test} from 'vitest'
import {verifyIndex} from '../../src/apk/index-signature.js'
import {parseSigningKeys, type SigningKeys} from '../../src/apk/signing-keys.js'
import {shared} from '../support/shared.js'
import {file, tarOf} from '../support/tar.js'

const shipped = readFileSync(fileURLToPath(new URL('../../data/apk/keys.tsv', import.meta.url)), 'utf8')
const alpineKeys = parseSigningKeys(shipped, 'keys.tsv')

const pair = generateKeyPairSync('rsa', {modulusLength: 2048})
const name = 'alpine-devel@lists.alpinelinux.org-00000000.rsa.pub'
const keys: SigningKeys = new Map([[name, {name, fingerprint: '', architectures: [], key: pair.publicKey}]])
const content = gzipSync(tarOf([file('APKINDEX', 'P:a\nV:1-r0\n')]))

/** An index with one signature by this key. */
function signed(
  kind: string,
  hash: string,
  keyName = name,
  key: KeyObject = pair.privateKey,
  ...gzip: number[]
): Buffer {
  // A tar without its end: what follows in the next member belongs to it.
  const tar = tarOf([file(`.SIGN.${kind}.${keyName}`, sign(hash, content, key))]).subarray(0, -1024)
  const member = gzipSync(tar)
  // The head of a gzip member may hold more than its ten bytes: RFC 1952, 2.3.1.
  const [flags = 0, ...fields] = gzip
  member[3] = flags
  return Buffer.concat([member.subarray(0, 10), Buffer.from(fields), member.subarray(10), content])
}

test.each<[what: string, bytes: Buffer]>([
  ['SHA-1, as apk-tools 2 does', signed('RSA', 'sha1')],
  ['SHA-256', signed('RSA256', 'sha256')],
  ['SHA-512', signed('RSA512', 'sha512')],
  ['a head with an extra field', signed('RSA', 'sha1', name, pair.privateKey, 4, 2, 0, 7, 7)],
  ['a head with a name and a comment', signed('RSA', 'sha1', name, pair.privateKey, 24, 0x61, 0, 0x62, 0)],
  ['a head with a checksum', signed('RSA', 'sha1', name, pair.privateKey, 2, 1, 2)],
])('accepts a signature: %s', (_what, bytes) => {
  expect(verifyIndex(bytes, keys, 'APKINDEX.tar.gz').name).toBe(name)
})

const other = generateKeyPairSync('rsa', {modulusLength: 2048}).privateKey
const changed = signed('RSA', 'sha1')
changed[changed.length - 30] = (changed[changed.length - 30] ?? 0) ^ 1

test.each<[what: string, bytes: Uint8Array, message: string]>([
  ['content that was changed', changed, 'does not fit its content'],
  ['another key under a known name', signed('RSA', 'sha1', name, other), 'does not fit its content'],
  ['another hash than the one it names', signed('RSA256', 'sha1'), 'does not fit its content'],
  ['an unknown key', signed('RSA', 'sha1', 'evil.rsa.pub', other), 'is signed with evil.rsa.pub, which is no key'],
  ['no signature', content, 'it is not signed'],
  ['no gzip', Buffer.from('P:a\nV:1-r0\n'), 'it is not gzip'],
  ['nothing', new Uint8Array(0), 'it is not gzip'],
  [
    'a first member that is a bomb',
    Buffer.concat([gzipSync(Buffer.alloc(1 << 20)), content]),
    'does not begin with a signature',
  ],
  [
    'a head that does not end',
    Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 0, 1, 1, 1]),
    'does not begin with a signature',
  ],
])('refuses %s', (_what, bytes, message) => {
  expect(() => verifyIndex(bytes, keys, 'APKINDEX.tar.gz')).toThrow(
    expect.objectContaining({code: 'APK_BAD_SIGNATURE', message: expect.stringContaining(message)}),
  )
})

test('a key that is not the one of its fingerprint is refused, and the table with it', () => {
  expect(alpineKeys.size).toBe(18)
  expect(() =>
    parseSigningKeys(shipped.replace(/MII.{9}/, 'MIIBIjANBgkq').replace('4e0c2675', '4e0c2676'), 'keys'),
  ).toThrow('is not the one that it names')
})

const index = shared('feeds/apkindex')
test.skipIf(index === null)("indexes of Alpine bear signatures by Alpine's keys", () => {
  const signer = (branch: string) =>
    verifyIndex(readFileSync(`${index}/${branch}/main/x86_64/APKINDEX.tar.gz`), alpineKeys, branch)
  expect(signer('v3.16')).toMatchObject({architectures: ['x86_64'], name: expect.stringContaining('-6165ee59')})
  // Its packages are those of aarch64, whatever its folder says.
  expect(signer('v3.17')).toMatchObject({architectures: ['aarch64'], name: expect.stringContaining('-616ae350')})
})
