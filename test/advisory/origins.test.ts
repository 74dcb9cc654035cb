import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect, test} from 'vitest'
import {compileOrigins, openOrigins, originsPath} from '../../src/advisory/origins.js'
import type {RepositoryIndex} from '../../src/advisory/repository-indexes.js'
import {temporaryFolder} from './feeds-folder.js'

/** An index of packages written as `name version origin`. */
function indexOf(repository: string, packages: readonly string[]): Pick<RepositoryIndex, 'repository' | 'packages'> {
  const indexed = packages.map(text => {
    const [name = '', version = '', origin = name] = text.split(' ')
    return {name, version, origin, provides: [], priority: 0, buildTime: 1685000000}
  })
  return {repository, packages: indexed}
}

test('the table names the repositories of an origin and its versions there', () => {
  const text = compileOrigins([
    indexOf('v3.17/community', ['jq 1.6-r2']),
    indexOf('v3.17/main', ['libssl3 3.0.8-r4 openssl', 'libcrypto3 3.0.8-r4 openssl', 'zlib 1.2.13-r0']),
    indexOf('v3.17/main', ['libssl3 3.0.8-r3 openssl']),
    indexOf('v3.16/main', ['libssl1.1 1.1.1t-r2 openssl', 'x 1-r0\tv3.16/other y']),
  ])
  expect(text).toBe(
    [
      '# piton origins 1; date=2023-05-25; source=Alpine package indexes; repositories=v3.17/community v3.17/main v3.16/main',
      'jq\tv3.17/community 1.6-r2',
      'openssl\tv3.17/main 3.0.8-r3 3.0.8-r4\tv3.16/main 1.1.1t-r2',
      'zlib\tv3.17/main 1.2.13-r0',
      '',
    ].join('\n'),
  )
  const folder = temporaryFolder()
  mkdirSync(dirname(join(folder, originsPath)))
  writeFileSync(join(folder, originsPath), text ?? '')
  const known = openOrigins(folder)
  expect(known).toMatchObject({date: '2023-05-25', repositories: ['v3.17/community', 'v3.17/main', 'v3.16/main']})
  expect(known.find('openssl')).toEqual([
    {repository: 'v3.17/main', versions: ['3.0.8-r3', '3.0.8-r4']},
    {repository: 'v3.16/main', versions: ['1.1.1t-r2']},
  ])
  expect(known.find('libssl3')).toEqual([])
})

test('what an older table says of other repositories is kept', () => {
  const base = new Map([
    ['zlib', ['v3.17/main 1.2.12-r0', 'v3.9/main 1.2.11-r1']],
    ['gone', ['v3.17/main 1-r0']],
    ['jq', ['edge/community 1.7-r0']],
  ])
  expect(
    compileOrigins([indexOf('v3.17/main', ['zlib 1.2.13-r0'])], base)
      ?.split('\n')
      .slice(0, -1),
  ).toEqual([
    '# piton origins 1; date=2023-05-25; source=Alpine package indexes; repositories=v3.17/main edge/community v3.9/main',
    'jq\tedge/community 1.7-r0',
    'zlib\tv3.17/main 1.2.13-r0\tv3.9/main 1.2.11-r1',
  ])
})

test('without indexes there is no table, and no repository is known', () => {
  expect(compileOrigins([])).toBeNull()
  const known = openOrigins(temporaryFolder())
  expect([known.date, known.repositories, known.find('zlib')]).toEqual([null, [], []])
})
