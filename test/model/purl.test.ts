import fc from 'fast-check'
import {PackageURL} from 'packageurl-js'
import {expect, test} from 'vitest'
import {formatPurl, parsePurl} from '../../src/model/purl.js'

const purls = [
  'pkg:apk/alpine/libssl3@3.1.4-r2?arch=x86_64&distro=alpine-3.19.0&upstream=openssl',
  'pkg:oci/app@sha256%3Aaaaa?repository_url=ghcr.io/org/app&tag=1.2',
  'pkg:docker/smartentry/debian@dc437cc87d10?repository_url=gcr.io',
  'pkg:npm/%40angular/animation@12.3.1',
  'pkg:golang/google.golang.org/genproto#googleapis/api/annotations',
  'pkg:apk/alpine/libstdc%2B%2B@13.2.1_git20231014-r0',
  'pkg:generic/a',
]
for (const text of purls) {
  test(`${text} is read as another implementation reads it`, () => {
    const other = PackageURL.fromString(text)
    expect(parsePurl(text)).toEqual({
      type: other.type,
      namespace: other.namespace?.split('/') ?? [],
      name: other.name,
      version: other.version ?? '',
      qualifiers: {...other.qualifiers},
    })
  })
}

for (const text of [
  '',
  'pkg:',
  'pkg:apk',
  'apk/alpine/a',
  'pkg:apk/%',
  'pkg:/apk/alpine/a@%ff',
  'https://example.org',
  'pkg:a b/c',
]) {
  test(`${JSON.stringify(text)} is no purl`, () => expect(parsePurl(text)).toBeNull())
}

test('what is written is read back', () => {
  const text = fc
    .string({unit: 'grapheme', minLength: 1})
    .filter(value => value.trim() === value && !/^\.*$/.test(value))
  fc.assert(
    fc.property(text, text, text, (name, version, value) => {
      const parts = {type: 'apk', namespace: ['alpine'], name, version, qualifiers: {arch: value}}
      expect(parsePurl(formatPurl(parts))).toEqual(parts)
    }),
  )
})
