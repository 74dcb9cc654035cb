import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {installedVersions, parseInstalled} from '../../src/apk/installed.js'
import {limits} from '../../src/model/limits.js'

const path = 'lib/apk/db/installed'
const parse = (text: string) => parseInstalled(Buffer.from(text), path)
const names = (text: string) => parse(text).packages.map(({name, version}) => `${name} ${version}`)

const busybox = `C:Q1mhN8PI5zi8q6wTMmyfxUcvpYqvQ=
P:busybox-binsh
V:1.36.1-r15
A:aarch64
S:1541
I:8192
T:busybox ash /bin/sh
U:https://busybox.net/
L:GPL-2.0-only
o:busybox
m:Sören Tempel <soeren+alpine@soeren-tempel.net>
t:1700000000
c:1dbf7a793afae640ea643a055b6dd4f430ac116b
k:100
D:busybox=1.36.1-r15 so:libc.musl-aarch64.so.1
p:/bin/sh  cmd:sh=1.36.1-r15
i:busybox musl
r:old-sh
q:1000
s:edge
f:x
F:
M:0:0:1777
F:bin
R:sh
a:0:0:4755
Z:Q1pcfTfDNEbNKQc2s1tia7da05M8Q=
R:plain
R:linked
Z:Q1SLkS9hBidUbPwwrw+XR0Whv3ww8=

`

test('every field', () => {
  expect(parse(busybox)).toEqual({
    packages: [
      {
        name: 'busybox-binsh',
        version: '1.36.1-r15',
        architecture: 'aarch64',
        origin: 'busybox',
        description: 'busybox ash /bin/sh',
        url: 'https://busybox.net/',
        license: 'GPL-2.0-only',
        maintainer: 'Sören Tempel <soeren+alpine@soeren-tempel.net>',
        commit: '1dbf7a793afae640ea643a055b6dd4f430ac116b',
        buildTime: 1700000000,
        depends: ['busybox=1.36.1-r15', 'so:libc.musl-aarch64.so.1'],
        provides: ['/bin/sh', 'cmd:sh=1.36.1-r15'],
        installIf: ['busybox', 'musl'],
        replaces: ['old-sh'],
        sizeBytes: 1541,
        installedBytes: 8192,
        checksum: 'Q1mhN8PI5zi8q6wTMmyfxUcvpYqvQ=',
        repositoryTag: 'edge',
        flags: 'x',
        files: [
          {
            path: 'bin/sh',
            checksum: {algorithm: 'sha1', hex: Buffer.from('pcfTfDNEbNKQc2s1tia7da05M8Q=', 'base64').toString('hex')},
            owner: {uid: 0, gid: 0, mode: 0o4755},
          },
          {path: 'bin/plain', checksum: null, owner: null},
          {
            path: 'bin/linked',
            checksum: {algorithm: 'sha1', hex: Buffer.from('SLkS9hBidUbPwwrw+XR0Whv3ww8=', 'base64').toString('hex')},
            owner: null,
          },
        ],
        directories: [{path: '', owner: {uid: 0, gid: 0, mode: 0o1777}}],
        line: 1,
      },
    ],
    warnings: [],
  })
})

test('an S in f: says that the file hashes are cut sha256, wherever it stands', () => {
  for (const text of [busybox.replace('f:x', 'f:xS'), busybox.replace(/\n$/, 'f:S\n\n')]) {
    const [first] = parse(text).packages
    expect(first?.files.map(file => file.checksum?.algorithm)).toEqual(['sha256-160', undefined, 'sha256-160'])
  }
})

test('every sha1 survives', () => {
  fc.assert(
    fc.property(fc.uint8Array({minLength: 20, maxLength: 20}), bytes => {
      const {packages} = parse(`P:a\nV:1\nF:x\nR:y\nZ:Q1${Buffer.from(bytes).toString('base64')}\n\n`)
      expect(packages[0]?.files[0]?.checksum?.hex).toBe(Buffer.from(bytes).toString('hex'))
    }),
  )
})

test.each<[name: string, text: string, expected: string[]]>([
  ['empty', '', []],
  ['only blank lines', '\n\n\n', []],
  ['two records', 'P:a\nV:1\n\nP:b\nV:2\n\n', ['a 1', 'b 2']],
  ['no final newline', 'P:a\nV:1\n\nP:b\nV:2', ['a 1', 'b 2']],
  ['CRLF', 'P:a\r\nV:1\r\n\r\nP:b\r\nV:2\r\n\r\n', ['a 1', 'b 2']],
  ['names of every object', 'P:__proto__\nV:1\n\nP:constructor\nV:1\n\n', ['__proto__ 1', 'constructor 1']],
  ['unknown fields', 'P:a\nX:?\nV:1\ng:tag\n\n', ['a 1']],
])('%s', (_name, text, expected) => {
  expect(names(text)).toEqual(expected)
  expect(parse(text).warnings).toEqual([])
})

test.each<[name: string, text: string, expected: string[], code: string, message: string, hides: boolean]>([
  ['no version', 'P:a\nA:x\n\nP:b\nV:2\n\n', ['b 2'], 'APK_BAD_RECORD', 'line 1: package "a" has no version', true],
  ['no name', 'P:b\nV:2\n\nV:1\n\n', ['b 2'], 'APK_BAD_RECORD', 'line 4: a package has no name', true],
  ['cut in a record', 'P:b\nV:2\n\nC:Q1\nP:half', ['b 2'], 'APK_BAD_RECORD', 'package "half" has no version', true],
  ['no field', 'P:b\nV:2\n\nhello', ['b 2'], 'APK_BAD_RECORD', 'line 4 is not a field: "hello"', true],
  ['malformed version', 'P:a\nV:v1\n\n', ['a v1'], 'APK_BAD_VERSION', 'package "a" has the malformed version', false],
  ['empty version', 'P:a\nV:\n\n', ['a '], 'APK_BAD_VERSION', 'package "a"', false],
  ['twice', 'P:a\nV:1\n\nP:a\nV:2\n\n', ['a 1', 'a 2'], 'APK_DUPLICATE', 'package "a" is already on line 1', false],
  ['bad number', 'P:a\nV:1\nS:-1\n\n', ['a 1'], 'APK_BAD_FIELD', 'unreadable fields: S:', false],
  ['bad checksum', 'P:a\nV:1\nF:x\nR:y\nZ:Q1!\n\n', ['a 1'], 'APK_BAD_FIELD', 'unreadable fields: Z:', false],
  ['bad owner', 'P:a\nV:1\nF:x\nR:y\na:0:0:999\n\n', ['a 1'], 'APK_BAD_FIELD', 'unreadable fields: a:', false],
])('warning: %s', (_name, text, expected, code, message, hides) => {
  expect(names(text)).toEqual(expected)
  expect(parse(text).warnings).toEqual([
    {code, message: expect.stringContaining(`${path}: `), path, ...(hides && {hides})},
  ])
  expect(parse(text).warnings[0]?.message).toContain(message)
})

test('keeps so many warnings of a code, and counts the rest', () => {
  const {packages, warnings} = parse('P:a\nV:v1\n\n'.repeat(1000))
  expect(packages).toHaveLength(1000)
  expect(warnings.filter(({code}) => code === 'APK_BAD_VERSION')).toHaveLength(limits.warningsPerCode)
  expect(warnings.at(-1)?.message).toContain('(and 799 more warnings like it)')
})

describe('size', () => {
  test('200,000 packages', () => {
    const text = Array.from({length: 200_000}, (_, i) => `P:p${i}\nV:1.${i % 50}-r0\nA:x86_64\no:p${i}\n\n`).join('')
    expect(parse(text).packages).toHaveLength(200_000)
  })

  test('one line of 50 MB', () => {
    const {packages, warnings} = parse(`P:a\nV:1\nT:${'x'.repeat(25e6)}\nD:${'a '.repeat(12.5e6)}\n\n`)
    expect(packages[0]?.description).toBe('')
    expect(packages[0]?.depends).toHaveLength(limits.apkListItems)
    expect(warnings.map(({code}) => code)).toEqual(['APK_BAD_FIELD'])
  })

  test('more files than there is room for', () => {
    const {packages, warnings} = parse(`P:a\nV:1\nF:x\n${'R:y\n'.repeat(limits.apkFiles + 1)}a:0:0:4755\n\n`)
    expect(packages[0]?.files).toHaveLength(limits.apkFiles)
    expect(packages[0]?.files.at(-1)?.owner).toBeNull()
    expect(warnings).toMatchObject([{code: 'APK_LIMIT', hides: true}])
  })
})

test('any bytes: packages and warnings, never an error', () => {
  const line = fc.tuple(fc.constantFrom(...'CPVAFRZaMDfSx'), fc.string()).map(([letter, text]) => `${letter}:${text}\n`)
  const records = fc.array(fc.oneof(line, fc.constant('\n'), fc.string())).map(lines => Buffer.from(lines.join('')))
  fc.assert(
    fc.property(fc.oneof(records, fc.uint8Array({maxLength: 500})), bytes => {
      const {packages, warnings} = parseInstalled(bytes, path)
      expect(packages.length + warnings.length).toBeLessThanOrEqual(2 * bytes.length)
    }),
  )
})

describe('names and versions alone are those of the packages', () => {
  const same = (text: string) => {
    const found = [...installedVersions(Buffer.from(text))]
    expect(found).toEqual(parse(text).packages.map(({name, version}) => ({name, version})))
    return found.length
  }
  const cases: [name: string, text: string, packages: number][] = [
    ['a record', busybox, 1],
    ['no blank line at the end', 'P:a\nV:1', 1],
    ['blank lines before and between', '\n\nP:a\nV:1\n\n\nP:b\nV:2\n\n', 2],
    ['lines that end in CRLF', 'P:a\r\nV:1\r\n\r\nP:b\r\nV:2\r\n', 2],
    ['no version', 'P:a\n\nV:1\n\nP:b\nV:2\n', 1],
    ['an empty name and version', 'P:\nV:\n', 1],
    ['a field twice: the last counts', 'P:a\nP:b\nV:1\n', 1],
    ['a name that is too long is none', `P:${'n'.repeat(limits.apkFieldBytes + 1)}\nV:1\n`, 0],
    ['what is no field', 'P:a\nPackage\nPP:b\nV:1\n', 1],
  ]
  test.each(cases)('%s', (_, text, packages) => {
    expect(same(text)).toBe(packages)
  })

  test('whatever the text', () => {
    const line = fc.constantFrom('P:a', 'P:', 'V:1', 'V:\u00e9', '', '\r', 'F:x', 'R:y', 'P', ':', 'f:S')
    fc.assert(fc.property(fc.array(line), lines => void same(lines.join('\n'))))
  })
})
