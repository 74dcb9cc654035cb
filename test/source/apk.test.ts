import {rmSync} from 'node:fs'
import {gzipSync} from 'node:zlib'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {openDatabase} from '../../src/advisory/database.js'
import {PitonError} from '../../src/model/errors.js'
import {type ScanOptions, scan} from '../../src/scan.js'
import {openSource} from '../../src/source/index.js'
import {tinyElf} from '../support/alpine.js'
import {type ApkFileParts, apkFile} from '../support/apk-file.js'
import {tinyDatabase} from '../support/database.js'
import {temporaryFile} from '../support/files.js'
import {file, folder, symlink, tarOf} from '../support/tar.js'

const files = [
  folder('usr'),
  folder('usr/bin'),
  file('usr/bin/openssl', tinyElf(), {mode: 0o755}),
  file('usr/bin/c_rehash', '#!/bin/bash\n', {mode: 0o755}),
  symlink('usr/bin/ssl', 'openssl'),
]

let built = {folder: '', feeds: '', database: ''}
beforeAll(async () => {
  built = await tinyDatabase()
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

async function scanned(bytes: Uint8Array, options: Partial<ScanOptions> = {}, scheme = '') {
  const path = temporaryFile(bytes, 'openssl.apk')
  return (await scan(`${scheme}${path}`, {database: openDatabase(built.database), today: '2026-01-20', ...options}))
    .report
}

describe('an .apk file', () => {
  for (const scheme of ['', 'apk:']) {
    test(`is one package and its files${scheme === '' ? '' : ', with its scheme'}`, async () => {
      const report = await scanned(apkFile({files}), {}, scheme)
      expect(report.target).toMatchObject({kind: 'apk', name: 'openssl', platform: 'linux/amd64'})
      expect(report.target.reference).toMatch(/^apk:/)
      expect(report.target.layers).toMatchObject([{verified: true}])
      expect(report.packages).toMatchObject([{name: 'openssl', version: '3.1.4-r2', origin: 'openssl'}])
      expect(report.files.map(({path, package: owner}) => [path, owner])).toEqual([['usr/bin/openssl', 'openssl']])
    })
  }

  test('says that its release is not known', async () => {
    const report = await scanned(apkFile({files}))
    expect(report).toMatchObject({complete: false, release: null, database: {branch: null}})
    expect(report.warnings).toMatchObject([
      {code: 'ADVISORIES_NONE', message: expect.stringMatching(/does not say which release.*--alpine/)},
    ])
    expect(report.findings.filter(({family}) => family !== 'hardening')).toEqual([])
  })

  test('is held against the advisories of the release that the person names', async () => {
    const report = await scanned(apkFile({files}), {assumedBranch: 'v3.19'})
    expect(report).toMatchObject({complete: true, warnings: [], database: {branch: 'v3.19'}})
    const found = report.findings.filter(({family}) => family === 'vulnerability')
    expect(found).toMatchObject([{origin: 'openssl', path: '.PKGINFO', line: 3}])
    expect(report.packages[0]?.purl).toContain('distro=alpine-3.19')
  })

  test('without files is its package', async () => {
    expect((await scanned(apkFile())).packages).toMatchObject([{name: 'openssl'}])
  })

  const platforms: [arch: string, platform: string | null][] = [
    ['aarch64', 'linux/arm64'],
    ['armhf', 'linux/arm/v6'],
    ['armv7', 'linux/arm/v7'],
    ['x86', 'linux/386'],
    ['noarch', null],
  ]
  for (const [arch, platform] of platforms) {
    test(`for ${arch} is for ${platform}`, async () => {
      expect((await scanned(apkFile({info: {arch}}))).target.platform).toBe(platform)
    })
  }

  test('without a digest of its files says that they were not verified', async () => {
    const report = await scanned(apkFile({info: {datahash: null}}))
    expect(report.target.layers).toMatchObject([{verified: false}])
    expect(report.warnings.map(({code}) => code)).toContain('APK_NO_DATAHASH')
  })
})

describe('refused', () => {
  const none = gzipSync(tarOf([])).length
  const refused: [name: string, bytes: Uint8Array, scheme: string, code: string, message: RegExp][] = [
    ['files that were changed', changed({files}), '', 'IMAGE_DIGEST_MISMATCH', /the data of .*openssl\.apk is sha256/],
    ['files that are cut', apkFile({files}).subarray(0, -20), '', 'IMAGE_DIGEST_MISMATCH', /the data of/],
    ['files that are missing', apkFile().subarray(0, -none), '', 'IMAGE_DIGEST_MISMATCH', /the data of/],
    ['apk 3', Buffer.from('ADBd'.padEnd(600, 'x')), '', 'SOURCE_UNSUPPORTED', /format of apk 3/],
    ['apk 3, with its scheme', Buffer.from('ADB.pckg'.padEnd(600, 'x')), 'apk:', 'SOURCE_UNSUPPORTED', /apk 3/],
    ['a tarball as a package', gzipSync(tarOf(files)), 'apk:', 'SOURCE_UNKNOWN', /is not an apk package/],
    ['text', Buffer.from('hello'), 'apk:', 'SOURCE_UNKNOWN', /is not a tar archive/],
  ]
  for (const [name, bytes, scheme, code, message] of refused) {
    test(name, async () => {
      const error: unknown = await scanned(bytes, {}, scheme).catch(error => error)
      expect(error).toBeInstanceOf(PitonError)
      expect(error).toMatchObject({code, message: expect.stringMatching(message)})
    })
  }

  test('one that is not there', async () => {
    const error = await openSource('missing.apk', {platform: null, verify: false}).catch(error => error)
    expect(error).toMatchObject({code: 'SOURCE_NOT_FOUND'})
  })
})

test('a release that the target states counts more than the one that was named, and that is said', async () => {
  const rootfs = tarOf([file('etc/alpine-release', '3.19.0\n'), file('lib/apk/db/installed', '')])
  const report = await scanned(rootfs, {assumedBranch: 'v3.20'})
  expect(report).toMatchObject({release: {branch: 'v3.19'}, warnings: [{code: 'RELEASE_KNOWN'}]})
})

/** Other files than those of which the digest was made. */
function changed(parts: ApkFileParts): Buffer {
  const data = gzipSync(tarOf([file('other')]))
  const whole = apkFile(parts)
  const own = gzipSync(tarOf(parts.files ?? [])).length
  return Buffer.concat([whole.subarray(0, whole.length - own), data])
}
