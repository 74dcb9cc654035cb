import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join, relative} from 'node:path'
import {expect, test} from 'vitest'
import {expandPaths} from '../../src/cli/glob.js'
import {temporaryFolder} from '../support/piton.js'

function folder(): string {
  const root = temporaryFolder()
  mkdirSync(join(root, 'bin/deep/er'), {recursive: true})
  const names = [
    'bin/ls',
    'bin/ln',
    'bin/cat',
    'bin/.hidden',
    'bin/deep/x.so',
    'bin/deep/er/y.so',
    'odd[1].so',
    'a+b.so',
  ]
  for (const name of names) writeFileSync(join(root, name), '')
  symlinkSync('..', join(root, 'bin/deep/loop'))
  return root
}

const cases: [pattern: string, paths: string[]][] = [
  ['bin/ls', ['bin/ls']],
  ['bin/l*', ['bin/ln', 'bin/ls']],
  ['bin/l?', ['bin/ln', 'bin/ls']],
  ['bin/[a-k]*', ['bin/cat', 'bin/deep']],
  ['bin/[!a-k]*', ['bin/ln', 'bin/ls']],
  ['b*/l*', ['bin/ln', 'bin/ls']],
  ['**/*.so', ['a+b.so', 'odd[1].so', 'bin/deep/x.so', 'bin/deep/er/y.so']],
  ['bin/.*', ['bin/.hidden']],
  ['bin//l*', ['bin/ln', 'bin/ls']],
  ['odd[1].so', ['odd[1].so']],
  ['a+b.*', ['a+b.so']],
  ['**', ['', 'bin', 'bin/deep', 'bin/deep/er']],
]
for (const [pattern, paths] of cases) {
  test(`${pattern} is ${paths.join(' ')}`, () => {
    const root = folder()
    expect(expandPaths([`${root}/${pattern}`]).map(({path}) => relative(root, path))).toEqual(paths)
  })
}

test('what is typed is named, what a pattern finds is not; each comes once', () => {
  const root = folder()
  expect(expandPaths([join(root, 'bin/ls'), join(root, 'bin/l*')])).toEqual([
    {path: join(root, 'bin/ls'), isNamed: true},
    {path: join(root, 'bin/ln'), isNamed: false},
  ])
})

test('a pattern that nothing matches is an error', () => {
  expect(() => expandPaths([join(folder(), '*.exe')])).toThrow(/^nothing matches .*\*\.exe$/)
})

test('a path that is not there is left to whoever opens it', () => {
  expect(expandPaths(['/nonexistent/x'])).toEqual([{path: '/nonexistent/x', isNamed: true}])
})
