import {createHash} from 'node:crypto'
import {gzipSync} from 'node:zlib'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {isDatabaseFile, isPackageFile, readPackageFile} from '../../src/apk/package-file.js'
import {memorySource} from '../../src/bytes/source.js'
import {PitonError} from '../../src/model/errors.js'
import {limits} from '../../src/model/limits.js'
import {type ApkFileParts, apkFile, cut} from '../support/apk-file.js'
import {file, folder, pax, tarOf} from '../support/tar.js'

const read = (bytes: Uint8Array) => readPackageFile(memorySource(bytes), 'app.apk')

function refusal(bytes: Uint8Array): PitonError {
  try {
    read(bytes)
  } catch (error) {
    if (error instanceof PitonError) return error
    throw error
  }
  throw new Error('was read')
}

describe('what a package says of itself', () => {
  test('every field', () => {
    const bytes = apkFile({
      info: {pkgname: 'libssl3', depend: ['so:libc.musl-x86_64.so.1', '!libressl'], install_if: 'a b', provides: null},
    })
    expect(read(bytes)).toMatchObject({
      isSigned: true,
      warnings: [],
      package: {
        name: 'libssl3',
        version: '3.1.4-r2',
        architecture: 'x86_64',
        origin: 'openssl',
        description: 'Toolkit for TLS',
        url: 'https://example.org/',
        license: 'Apache-2.0',
        maintainer: 'Somebody <somebody@example.org>',
        commit: '0123456789abcdef0123456789abcdef01234567',
        buildTime: 1_706_000_000,
        depends: ['so:libc.musl-x86_64.so.1', '!libressl'],
        provides: [],
        installIf: ['a', 'b'],
        sizeBytes: bytes.length,
        installedBytes: 4096,
        line: 3,
      },
    })
  })

  test('its identity is the sha1 of the control part, as in an index', () => {
    const control = cut([file('.PKGINFO', 'pkgname = a\npkgver = 1\n')])
    const {package: found, dataOffset} = read(Buffer.concat([control, gzipSync(tarOf([]))]))
    expect(found.checksum).toBe(`Q1${createHash('sha1').update(control).digest('base64')}`)
    expect(dataOffset).toBe(control.length)
  })

  const shapes: [name: string, parts: ApkFileParts, expected: object][] = [
    ['without a signature', {signed: false}, {isSigned: false}],
    ['with scripts', {scripts: [file('.post-install', '#!/bin/sh\n')]}, {package: {name: 'openssl'}}],
    ['without an origin', {info: {origin: null}}, {package: {origin: 'openssl'}}],
    ['without a digest of its files', {info: {datahash: null}}, {dataHash: null}],
    ['with a size that is no number', {info: {size: 'much'}}, {package: {installedBytes: null}}],
    ['with a version that is none', {info: {pkgver: 'new'}}, {warnings: [{code: 'APK_BAD_VERSION'}]}],
  ]
  for (const [name, parts, expected] of shapes) test(name, () => expect(read(apkFile(parts))).toMatchObject(expected))

  test('the control part behind a PAX header', () => {
    const control = cut([pax({mtime: '1'}), file('.PKGINFO', 'pkgname = a\npkgver = 1\n')])
    expect(read(control).package.name).toBe('a')
  })
})

describe('what is told by its first bytes', () => {
  const named = (bytes: Buffer, name: string) => Buffer.concat([gzipHeader(name), bytes.subarray(10)])
  const heads: [name: string, bytes: Uint8Array, expected: boolean][] = [
    ['a package', apkFile(), true],
    ['one without a signature', apkFile({signed: false}), true],
    ['one whose gzip members are named', named(apkFile(), 'signature.tar'), true],
    ['one behind a PAX header', cut([{...pax({mtime: '1'}), name: './PaxHeaders/.PKGINFO'}, file('.PKGINFO')]), true],
    ['a root file system', gzipSync(tarOf([folder('etc'), file('.PKGINFO')])), false],
    ['an index of packages', gzipSync(tarOf([file('DESCRIPTION'), file('APKINDEX')])), false],
    ['a plain tar', tarOf([file('.PKGINFO')]), false],
    ['gzip of nothing', gzipSync(''), false],
    ['gzip that is cut in its header', gzipSync('').subarray(0, 9), false],
    ['nothing', Buffer.alloc(0), false],
  ]
  for (const [name, bytes, expected] of heads) {
    test(`${name}: ${expected ? 'a package' : 'not'}`, () =>
      expect(isPackageFile(bytes.subarray(0, 512))).toBe(expected))
  }

  for (const magic of ['ADB.pckg', 'ADBd', 'ADBc\u0001\u0000']) {
    test(`apk 3: ${JSON.stringify(magic)}`, () => expect(isDatabaseFile(Buffer.from(magic))).toBe(true))
  }
})

describe('what is refused', () => {
  const broken = (change: (bytes: Buffer) => void) => {
    const bytes = apkFile({signed: false})
    change(bytes)
    return bytes
  }
  const large = cut([file('.PKGINFO', Buffer.alloc(limits.apkControlBytes, 'a'))])
  const cases: [name: string, bytes: Uint8Array, code: string, message: RegExp][] = [
    ['no name', apkFile({info: {pkgname: null}}), 'APK_BAD_RECORD', /states no name/],
    ['no version', apkFile({info: {pkgver: ''}}), 'APK_BAD_RECORD', /states no version/],
    [
      'a digest that is none',
      apkFile({info: {datahash: 'abc'}}),
      'IMAGE_BAD_DIGEST',
      /datahash in \.PKGINFO of app\.apk/,
    ],
    ['no control part', cut([file('.SIGN.RSA.x')]), 'APK_BAD_RECORD', /there is no \.PKGINFO/],
    [
      'more parts than a package has',
      Buffer.concat(new Array(9).fill(cut([file('.SIGN.RSA.x')]))),
      'APK_BAD_RECORD',
      /no \.PKGINFO/,
    ],
    ['a control part that is a bomb', large, 'ARCHIVE_LIMIT', /inflates to more than \d+ bytes/],
    [
      'a checksum that is wrong',
      broken(bytes => bytes.writeUInt32LE(1, gzipEnd(bytes) - 8)),
      'ARCHIVE_BAD_COMPRESSION',
      /checksum is wrong/,
    ],
    ['text', Buffer.from('hello'), 'ARCHIVE_BAD_COMPRESSION', /no gzip header/],
    [
      'more items than any package has',
      apkFile({info: {depend: new Array(limits.apkListItems + 1).fill('a')}}),
      'APK_LIMIT',
      /more than \d+ depend items/,
    ],
  ]
  for (const [name, bytes, code, message] of cases) {
    test(name, () => expect(refusal(bytes)).toMatchObject({code, message: expect.stringMatching(message)}))
  }

  test('cut anywhere before its files', () => {
    const bytes = apkFile({signed: false})
    const {dataOffset} = read(bytes)
    for (let at = 0; at < dataOffset; at++) expect(refusal(bytes.subarray(0, at))).toBeInstanceOf(PitonError)
  })

  test('changed anywhere: read, or refused on purpose', () => {
    const bytes = apkFile()
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255))
    fc.assert(
      fc.property(fc.array(change, {minLength: 1, maxLength: 4}), changes => {
        const changed = Buffer.from(bytes)
        for (const [at, value] of changes) changed[at] = value
        isPackageFile(changed.subarray(0, 512))
        try {
          read(changed)
        } catch (error) {
          expect(error).toBeInstanceOf(PitonError)
        }
      }),
    )
  })
})

/** A gzip header with a file name in it. */
function gzipHeader(name: string): Buffer {
  return Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3]), Buffer.from(`${name}\0`)])
}

/** Where the first member ends. */
function gzipEnd(bytes: Buffer): number {
  return bytes.indexOf(Buffer.from([0x1f, 0x8b, 8]), 10)
}
