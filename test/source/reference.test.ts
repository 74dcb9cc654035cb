import {expect, test} from 'vitest'
import {UsageError} from '../../src/model/errors.js'
import {parseReference} from '../../src/source/reference.js'

const hex = '0123456789abcdef'.repeat(4)
const digest = `sha256:${hex}`

/** As Docker's own parser (distribution/reference, normalize_test.go) has it. */
const good: [text: string, registry: string, repository: string, tag: string | null, digest: string | null][] = [
  ['alpine', 'docker.io', 'library/alpine', 'latest', null],
  ['alpine:3.20', 'docker.io', 'library/alpine', '3.20', null],
  ['library/alpine', 'docker.io', 'library/alpine', 'latest', null],
  ['docker.io/alpine', 'docker.io', 'library/alpine', 'latest', null],
  ['index.docker.io/alpine', 'docker.io', 'library/alpine', 'latest', null],
  ['docker.io/library/alpine', 'docker.io', 'library/alpine', 'latest', null],
  ['team/app', 'docker.io', 'team/app', 'latest', null],
  ['team/app/part:1', 'docker.io', 'team/app/part', '1', null],
  ['ghcr.io/team/app:v1', 'ghcr.io', 'team/app', 'v1', null],
  ['quay.io/app', 'quay.io', 'app', 'latest', null],
  ['localhost/app', 'localhost', 'app', 'latest', null],
  ['localhost:5000/app', 'localhost:5000', 'app', 'latest', null],
  ['registry:5000/app', 'registry:5000', 'app', 'latest', null],
  ['127.0.0.1:5000/team/app:1.2', '127.0.0.1:5000', 'team/app', '1.2', null],
  ['[::1]:5000/app', '[::1]:5000', 'app', 'latest', null],
  ['Registry/app', 'Registry', 'app', 'latest', null],
  ['a__b/c.d-e--f_g', 'docker.io', 'a__b/c.d-e--f_g', 'latest', null],
  [`alpine@${digest}`, 'docker.io', 'library/alpine', null, digest],
  [`alpine:3.20@${digest}`, 'docker.io', 'library/alpine', '3.20', digest],
  [`ghcr.io/team/app@sha512:${hex}${hex}`, 'ghcr.io', 'team/app', null, `sha512:${hex}${hex}`],
  [`alpine:${'a'.repeat(128)}`, 'docker.io', 'library/alpine', 'a'.repeat(128), null],
]
for (const [text, registry, repository, tag, stated] of good) {
  test(`${text} is ${repository} of ${registry}`, () => {
    expect(parseReference(text)).toMatchObject({registry, repository, tag, digest: stated})
  })
}

const bad: [text: string, says: RegExp][] = [
  ['', /not the name of an image/],
  ['Alpine', /lower case/],
  ['ghcr.io/Team/app', /lower case/],
  ['alpine:', /"" is not a tag/],
  ['alpine:a b', /not a tag/],
  [`alpine:${'a'.repeat(129)}`, /not a tag/],
  ['alpine@', /not a digest/],
  ['alpine@sha256:abc', /not a digest/],
  [`alpine@md5:${hex}`, /not a digest/],
  ['-alpine', /not the name/],
  ['team//app', /not the name/],
  ['team/app/', /not the name/],
  ['/app', /not the name/],
  ['team/.app', /not the name/],
  ['team/../app', /not the name/],
  ['a..b/app', /not a host/],
  ['host.example:99999/app', /not a host/],
  ['user:password@host/app', /not a digest/],
  ['host.example:x/app', /not a host/],
  ['[::1/app', /not a host/],
  [hex, /image ID/],
  ['https://ghcr.io/team/app', /it is an address/],
  [`ghcr.io/${'a'.repeat(250)}`, /more than 255/],
  ['alpine\n', /not the name/],
  ['alpine?x=y', /not the name/],
  ['ghcr.io/app#x', /not the name/],
]
for (const [text, says] of bad) {
  test(`${JSON.stringify(text.slice(0, 40))} is no reference`, () => {
    expect(() => parseReference(text)).toThrow(UsageError)
    expect(() => parseReference(text)).toThrow(says)
  })
}

const names: [text: string, name: string][] = [
  ['alpine', 'alpine:latest'],
  ['docker.io/library/alpine:3.20', 'alpine:3.20'],
  ['docker.io/team/app', 'team/app:latest'],
  ['library/team/app', 'library/team/app:latest'],
  ['ghcr.io/team/app:1', 'ghcr.io/team/app:1'],
  [`alpine:3.20@${digest}`, `alpine:3.20@${digest}`],
  [`alpine@${digest}`, `alpine@${digest}`],
]
for (const [text, name] of names)
  test(`people call ${text} ${name}`, () => expect(parseReference(text).name).toBe(name))

test('a password where none belongs is not repeated', () => {
  for (const text of [
    'user:s3cret@host/app',
    'https://user:s3cret@host/app',
    'host/user:s3cret@app',
    'u:s3cret$@host/app',
    'u:s3cret@s3cret@h/a',
  ]) {
    const error = (() => {
      try {
        return parseReference(text)
      } catch (thrown) {
        return `${thrown}`
      }
    })()
    expect(error).toMatch(/does not name an image/)
    expect(error).not.toMatch(/s3cret/)
  }
})

test('a long run of separators is refused in no time', () => {
  const started = performance.now()
  expect(() => parseReference(`${'a-'.repeat(100_000)}!`)).toThrow(UsageError)
  expect(performance.now() - started).toBeLessThan(500)
})
