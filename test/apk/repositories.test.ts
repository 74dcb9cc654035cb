import {expect, test} from 'vitest'
import {parseRepositories, parseWorld} from '../../src/apk/repositories.js'

const path = 'etc/apk/repositories'
const parse = (text: string) => parseRepositories(text, path)

test('urls, tags, comments, where they point', () => {
  expect(
    parse(`# mirror
https://dl-cdn.example/alpine/v3.19/main
@edge http://dl-cdn.example/alpine/edge/testing/

/media/cdrom/apks
  #http://off.example/alpine/edge/main
https://packages.example/os\r
https://dl-cdn.example/alpine/latest-stable/community`),
  ).toEqual([
    {url: 'https://dl-cdn.example/alpine/v3.19/main', tag: null, branch: 'v3.19', name: 'main', path, line: 2},
    {url: 'http://dl-cdn.example/alpine/edge/testing/', tag: 'edge', branch: 'edge', name: 'testing', path, line: 3},
    {url: '/media/cdrom/apks', tag: null, branch: null, name: null, path, line: 5},
    {url: 'https://packages.example/os', tag: null, branch: null, name: null, path, line: 7},
    {
      url: 'https://dl-cdn.example/alpine/latest-stable/community',
      tag: null,
      branch: null,
      name: 'community',
      path,
      line: 8,
    },
  ])
})

test('apk-tools 3: types, components, variables', () => {
  const found = parse(`set mirror=https://m.example/alpine
set -default mirror=https://other.example
v2 \${mirror}/v3.23 main community
v3 @next \${mirror}/edge/ main
ndx https://m.example/v3.23/main/x86_64/APKINDEX.tar.gz
default v3
\${nothing}/x`)
  expect(found.map(({url, tag, branch, name}) => [url, tag, branch, name])).toEqual([
    ['https://m.example/alpine/v3.23/main', null, 'v3.23', 'main'],
    ['https://m.example/alpine/v3.23/community', null, 'v3.23', 'community'],
    ['https://m.example/alpine/edge/main', 'next', 'edge', 'main'],
    ['https://m.example/v3.23/main/x86_64/APKINDEX.tar.gz', null, 'v3.23', 'main'],
    [`\${nothing}/x`, null, null, null],
  ])
})

test('variables that double stay bounded', () => {
  const doubling = [`set a=xx`, ...Array(100).fill(`set a=\${a}\${a}`), `\${a}`].join('\n')
  expect(parse(doubling)[0]?.url.length).toBeLessThanOrEqual(4096)
})

test('world', () => {
  expect(parseWorld('alpine-base\nnginx>1.2\n\nzlib@edge\n')).toEqual(['alpine-base', 'nginx>1.2', 'zlib@edge'])
})
