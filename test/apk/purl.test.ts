import fc from 'fast-check'
import {expect, test} from 'vitest'
import {purlOf} from '../../src/apk/purl.js'

const alpine = {distro: 'alpine', version: '3.19.0'}
const musl = {name: 'musl', version: '1.2.4-r2', architecture: 'x86_64', origin: 'musl'}

test.each([
  [musl, alpine, 'pkg:apk/alpine/musl@1.2.4-r2?arch=x86_64&distro=alpine-3.19.0'],
  [
    {...musl, name: 'libstdc++', origin: 'gcc'},
    alpine,
    'pkg:apk/alpine/libstdc%2B%2B@1.2.4-r2?arch=x86_64&distro=alpine-3.19.0&upstream=gcc',
  ],
  [{...musl, architecture: ''}, {distro: 'wolfi', version: ''}, 'pkg:apk/wolfi/musl@1.2.4-r2?distro=wolfi'],
  [{...musl, architecture: ''}, {distro: '', version: ''}, 'pkg:apk/alpine/musl@1.2.4-r2'],
  [
    {...musl, name: 'R@/?#', version: '1~a b:c'},
    alpine,
    'pkg:apk/alpine/r%40%2F%3F%23@1~a%20b:c?arch=x86_64&distro=alpine-3.19.0&upstream=musl',
  ],
])('%o', (pkg, distribution, expected) => expect(purlOf(pkg, distribution)).toBe(expected))

test('any text makes a purl of safe characters', () => {
  const text = fc.oneof(fc.string({unit: 'binary'}), fc.constant('\ud800'))
  fc.assert(
    fc.property(text, text, text, (name, version, origin) => {
      const purl = purlOf({name, version, architecture: 'x86_64', origin}, alpine)
      expect(purl).toMatch(/^pkg:apk\/alpine\/[\w.~:%-]*(@[\w.~:%-]+)?\?[\w.~:%=&-]+$/)
    }),
  )
})
