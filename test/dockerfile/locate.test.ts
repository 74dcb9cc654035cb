import {expect, test} from 'vitest'
import {locator} from '../../src/dockerfile/index.js'
import {entry, mapOf} from '../support/dockerfiles.js'
import {packageOf} from '../support/facts.js'

const rootfs = entry('ADD alpine-minirootfs.tar.gz / # buildkit')

const packages = [
  packageOf({name: 'musl', provides: ['so:libc.musl-x86_64.so.1=1'], depends: []}),
  packageOf({name: 'curl', provides: ['cmd:curl=8.1-r0'], depends: ['libcurl=8.1-r0', 'so:libc.musl-x86_64.so.1']}),
  packageOf({name: 'libcurl', provides: ['so:libcurl.so.4=4.8'], depends: ['so:libssl.so.3', '!libcurl-old']}),
  packageOf({name: 'libssl3', provides: ['so:libssl.so.3=3'], depends: []}),
  packageOf({name: 'nginx', provides: [], depends: ['so:libssl.so.3', 'pcre2>=10']}),
  packageOf({name: 'pcre2', provides: [], depends: ['nginx']}),
  packageOf({name: 'bash', provides: ['cmd:bash=5'], depends: []}),
  packageOf({name: 'other', provides: [], depends: []}),
]

/** `line:text under the columns` for a package of the only layer after the base. */
function find(run: string, createdBy: string, name: string | null): string {
  const map = mapOf(`FROM a\n${run}`, [rootfs, entry(`${createdBy} # buildkit`)])
  const found = locator(map, packages)({layer: 1, package: name})
  return `${found?.startLine}:${found?.snippet.slice(found.startColumn - 1, found.endColumn - 1)}`
}

const continued = `RUN apk add --no-cache \\
    # why: curl
    'curl>8' \\
    nginx@edge \\
    bash=5.2-r0
`
const joined = "RUN /bin/sh -c apk add --no-cache 'curl>8' nginx@edge bash=5.2-r0"

const lines: [name: string, sought: string | null, found: string][] = [
  ['named, with a version in quotes', 'curl', "4:'curl>8'"],
  ['named, with a tag', 'nginx', '5:nginx@edge'],
  ['named, with an exact version', 'bash', '6:bash=5.2-r0'],
  ['a dependency', 'libcurl', "4:'curl>8'"],
  ['a dependency of two: the nearer one', 'libssl3', '5:nginx@edge'],
  ['a dependency in a circle', 'pcre2', '5:nginx@edge'],
  ['pulled in by nothing', 'other', '2:RUN apk add --no-cache \\'],
  ['not a package', null, '2:RUN apk add --no-cache \\'],
]
for (const [name, sought, found] of lines) {
  test(`the line of a package: ${name}`, () => expect(find(continued, joined, sought)).toBe(found))
}

const commands: [name: string, run: string, sought: string, found: string][] = [
  ['options with values', 'RUN apk --root /x add -Ut .curl -X https://host.example/curl curl', 'curl', '2:curl'],
  ['a virtual package', 'RUN apk add --virtual curl \\\n curl', 'curl', '3:curl'],
  ['an option with its value', 'RUN apk add --virtual=curl \\\n curl', 'curl', '3:curl'],
  [
    'the word elsewhere',
    'RUN curl -V; \\\n apk del curl; \\\n apk add bash && curl \\\n && apk add curl',
    'curl',
    '5:curl',
  ],
  ['the full path', 'RUN set -e; \\\n (/sbin/apk add bash)', 'bash', '3:bash'],
  ['a redirection', 'RUN apk add >curl 2>&1 \\\n curl', 'curl', '3:curl'],
  ['what a package provides', 'RUN apk add \\\n cmd:bash', 'bash', '3:cmd:bash'],
  ['a word to keep out', 'RUN apk add !curl \\\n bash curl', 'curl', '3:curl'],
  ['a comment of the shell', 'RUN apk add bash # curl', 'curl', '2:RUN apk add bash # curl'],
  ['a word that only the shell knows', 'RUN P=curl; \\\n apk add $P', 'curl', '3:apk add $P'],
  ['an upgrade', 'RUN apk add bash && \\\n apk upgrade', 'other', '3:apk upgrade'],
  ['a command in quotes', 'RUN set -e; \\\n sh -c "apk add curl"', 'curl', '3:sh -c "apk add curl"'],
  ['no apk at all', 'RUN make && \\\n ./install', 'curl', '2:RUN make && \\'],
]
for (const [name, run, sought, found] of commands) {
  test(`reads apk commands: ${name}`, () => {
    expect(find(run, `RUN /bin/sh -c ${run.slice(4).replaceAll('\\\n', '')}`, sought)).toBe(found)
  })
}

test('reads apk commands: in a heredoc', () => {
  const body = 'apk add bash\napk add --no-cache curl\n'
  expect(find(`RUN <<EOF\n${body}EOF`, `RUN /bin/sh -c ${body}`, 'curl')).toBe('4:curl')
})

test('reads apk commands: in the JSON form', () => {
  expect(find('RUN ["apk", "add", \\\n  "curl"]', 'RUN apk add curl', 'curl')).toBe('3:"curl"')
})

test('what is not sure of its line stands at FROM', () => {
  const map = mapOf('FROM a:1\nRUN b\nCOPY --from=c d \\\n /e', [rootfs, entry('RUN b'), entry('COPY d /e # buildkit')])
  const locate = locator(map, packages)
  expect(locate({layer: 0, package: 'musl'})).toMatchObject({startLine: 1, confidence: 'base', snippet: 'FROM a:1'})
  expect(locate({layer: 2, package: 'curl'})).toMatchObject({startLine: 3, endLine: 4, copiedFrom: 'c'})
  expect(locate({layer: 9, package: null})).toMatchObject({startLine: 1, confidence: 'unknown'})
  expect(locate({layer: null, package: null})).toMatchObject({startLine: 1, confidence: 'unknown'})
})

const many = 150_000
const hostile: [name: string, words: string][] = [
  ['quotes', '"\''.repeat(many)],
  ['packages', 'curl '.repeat(many)],
  ['apk', '/apk '.repeat(many)],
  ['operators', '>&'.repeat(many)],
]
for (const [name, words] of hostile) {
  test(`is done soon with a command of many ${name}`, () => {
    const started = process.cpuUsage()
    expect(find(`RUN apk add ${words}`, `RUN /bin/sh -c apk add ${words}`, 'other')).toMatch(/^2:/)
    expect(process.cpuUsage(started).user).toBeLessThan(3_000_000)
  })
}
