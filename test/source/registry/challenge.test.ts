import {expect, test} from 'vitest'
import {parseChallenges} from '../../../src/source/registry/challenge.js'

const cases: [value: string, challenges: readonly [scheme: string, parameters: Record<string, string>][]][] = [
  ['', []],
  ['Basic', [['basic', {}]]],
  ['Basic realm="test"', [['basic', {realm: 'test'}]]],
  ['BASIC Realm=test', [['basic', {realm: 'test'}]]],
  [
    'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a/b:pull,push"',
    [['bearer', {realm: 'https://auth.example/token', service: 'registry.example', scope: 'repository:a/b:pull,push'}]],
  ],
  ['Bearer realm = "a" , service = "b"', [['bearer', {realm: 'a', service: 'b'}]]],
  [
    'Bearer realm="a", Basic realm="b"',
    [
      ['bearer', {realm: 'a'}],
      ['basic', {realm: 'b'}],
    ],
  ],
  [
    'Negotiate, Basic realm="b"',
    [
      ['negotiate', {}],
      ['basic', {realm: 'b'}],
    ],
  ],
  ['Bearer realm="a \\"quoted\\" b"', [['bearer', {realm: 'a "quoted" b'}]]],
  ['Bearer realm="first",realm="second"', [['bearer', {realm: 'first'}]]],
  ['Bearer realm="never closed', [['bearer', {}]]],
  ['realm="no scheme"', []],
  ['Bearer realm=', [['bearer', {}]]],
  ['=,=,=', []],
]
for (const [value, challenges] of cases) {
  test(`WWW-Authenticate: ${value}`, () => {
    const parsed = parseChallenges(value).map(({scheme, parameters}) => [scheme, Object.fromEntries(parameters)])
    expect(parsed).toEqual(challenges)
  })
}

test('a header of quotes and backslashes is read in no time', () => {
  const started = performance.now()
  parseChallenges(`Bearer realm="${'\\"'.repeat(50_000)}`)
  parseChallenges('a='.repeat(50_000))
  expect(performance.now() - started).toBeLessThan(500)
})
