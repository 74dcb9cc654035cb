import {readFileSync} from 'node:fs'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {compareVersions, isValidVersion, orderForMatching, satisfies} from '../../src/apk/version.js'
import {ApkError} from '../../src/model/errors.js'
import {shared} from '../support/shared.js'

/** Each list in ascending order: every version is older than all that follow it. */
const ascending: [name: string, versions: string[]][] = [
  ['numbers', ['0', '1', '2', '10', '18446744073709551614', '18446744073709551615']],
  ['components', ['1', '1.0', '1.0.0', '1.1', '1.2', '1.10', '2.0']],
  ['leading zeros compare as text', ['1.0', '1.00', '1.001', '1.0015', '1.002', '1.01', '1.1']],
  ['suffixes', ['1_alpha', '1_beta', '1_pre', '1_rc', '1', '1_cvs', '1_svn', '1_git', '1_hg', '1_p']],
  ['suffix numbers', ['1_rc', '1_rc1', '1_rc2', '1_rc10', '1', '1_p', '1_p0', '1_p1']],
  ['suffix after suffix', ['1_alpha1_pre2', '1_alpha1', '1_alpha1_p1', '1_alpha2']],
  ['letters', ['1.0', '1.0a', '1.0b', '1.0z', '1.0.1', '1.1']],
  ['revisions', ['1.0', '1.0-r0', '1.0-r1', '1.0-r9', '1.0-r10']],
  ['pre-release with revision', ['1.0_rc1-r9', '1.0_rc2-r0', '1.0', '1.0-r0', '1.0_p1-r0']],
  ['hashes compare as text', ['1.0', '1.0-r0', '1.0~0a', '1.0~1', '1.0~1-r0', '1.0~12', '1.0~a', '1.0_git1']],
  ['the feed', ['7.50.3-r5', '7.51.0', '7.51.0-r0']],
]

describe('compareVersions', () => {
  test.each(ascending)('%s', (_name, versions) => {
    for (const [i, a] of versions.entries()) {
      for (const [j, b] of versions.entries()) {
        expect([a, b, Math.sign(compareVersions(a, b))]).toEqual([a, b, Math.sign(i - j)])
      }
    }
  })

  test('the first number is numeric, zeros or not', () => {
    expect(compareVersions('01.2', '1.2')).toBe(0)
    expect(compareVersions('009', '10')).toBeLessThan(0)
  })

  test.each(['', 'abc', '1.0-r', '1'.repeat(400)])('throws for %s', version => {
    expect(() => compareVersions(version, '1.0')).toThrow(ApkError)
    expect(() => compareVersions('1.0', version)).toThrow(expect.objectContaining({code: 'APK_BAD_VERSION'}))
  })

  test('is a total order of valid versions', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(compareVersions(a, a)).toBe(0)
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0)
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) {
          expect(compareVersions(a, c)).toBeLessThanOrEqual(0)
        }
      }),
      {numRuns: 2000},
    )
  })
})

const pick = (...texts: string[]) => fc.constantFrom(...texts)
const number = fc.oneof(pick('0', '00', '01', '1', '2', '9', '10', '19', '20240101'), fc.nat(30).map(String))
const version = fc
  .tuple(
    number,
    fc.array(number, {maxLength: 3}),
    pick('', '', 'a', 'b'),
    fc.array(
      fc.tuple(pick('alpha', 'beta', 'pre', 'rc', 'cvs', 'svn', 'git', 'hg', 'p'), pick('', '0', '1', '2', '10')),
      {maxLength: 2},
    ),
    pick('', '', '~0', '~1a', '~ff'),
    pick('', '-r0', '-r1', '-r10'),
  )
  .map(
    ([first, more, letter, suffixes, hash, revision]) =>
      [first, ...more].join('.') + letter + suffixes.map(([word, n]) => `_${word}${n}`).join('') + hash + revision,
  )

describe('isValidVersion', () => {
  test('takes what the grammar makes', () => {
    fc.assert(fc.property(version, text => isValidVersion(text)))
  })

  test.each([
    ...['', '.', 'a', '-r1', '.1', '1.', '1..2', '1.a', '1ab', '1a1', '1a.1', '1_', '1__p', '1_foo', '1_rcx', '1_1'],
    ...['1_p.1', '1_pa', '1~', '1~g', '1~a~b', '1~a_p', '1-', '1-r', '1-1', '1-r1-r2', '1-r1.2', '1-r1_p', '1-pre1'],
    ...[' 1', '1 ', '1\n', '1\0', 'v1', '1A', '1~AB', '٣.٤', '1+2', '1:2', '18446744073709551616', '9'.repeat(400)],
    ...[`${'1.'.repeat(500)}1`, `1${'_p'.repeat(1e6)}`],
  ])('refuses %j', text => expect(isValidVersion(text)).toBe(false))
})

test.each<[a: string, op: string, b: string]>([
  ['1.2.3', '~', '1.2'],
  ['1.2', '!~', '1.2.3'],
  ['1.2.3-r4', '~', '1.2.3'],
  ['1.20', '!~', '1.2'],
  ['1.3', '>~', '1.2'],
  ['1.2.9', '>~', '1.2'],
  ['1.1', '<~', '1.2'],
  ['1.0', '<=', '1.0'],
  ['1.0', '>=', '1.0'],
  ['1.0', '><', '1.1'],
  ['3_foo', '>', '2_bar'],
  ['1.0', '!=', '1.1'],
])('satisfies: %s %s %s', (a, op, b) => expect(satisfies(a, op, b)).toBe(true))

describe('orderForMatching', () => {
  test.each<[installed: string, fix: string, order: string]>([
    ['1.0-r0', '1.0-r1', 'older'],
    ['1.0-r1', '1.0-r1', 'fixed'],
    ['1.0-r2', '1.0-r1', 'fixed'],
    ['7.51.0-r0', '7.51.0', 'fixed'],
    ['6.6.4p1-r1', '6.6.4p1-r1', 'fixed'],
  ])('%s against %s: %s', (installed, fix, order) => {
    expect(orderForMatching(installed, fix)).toEqual({order, note: null})
  })

  test.each<[installed: string, fix: string, order: string]>([
    ['6.6.3-r0', '6.6.4p1-r1', 'older'],
    ['6.6.4p1-r0', '6.6.4p1-r1', 'unknown'],
    ['4.8.0-r0', '4.8.0.-r1', 'unknown'],
    ['10.0.11-r0', '10.0.11-0', 'unknown'],
    ['4.10-1-r0', '4.10-1-r1', 'unknown'],
    ['', '1.0-r0', 'older'],
    ['abc', '1.0-r0', 'older'],
    ['zzz', 'abc', 'unknown'],
    ['1.0_foo1', '1.0-r0', 'older'],
    ['1.0.3XY', '1.0.3-r2', 'unknown'],
    ['1.0-r0 ', '1.0-r1', 'older'],
    ['9'.repeat(400), '1.0-r0', 'unknown'],
  ])('%s against %s: %s, and says so', (installed, fix, order) => {
    expect(orderForMatching(installed, fix)).toEqual({order, note: expect.stringContaining('not well-formed')})
  })

  test.each<[installed: string, fix: string]>([
    ['6.6.4p1-r2', '6.6.4p1-r1'],
    ['6.7.0-r0', '6.6.4p1-r1'],
    ['4.8.1-r0', '4.8.0.-r1'],
    ['10.0.12-r0', '10.0.11-0'],
  ])('%s against %s: both generations agree that it is fixed', (installed, fix) => {
    expect(orderForMatching(installed, fix)).toEqual({order: 'fixed', note: null})
  })

  test('any two strings have an answer', () => {
    const odd = fc.oneof(version, fc.string(), fc.stringMatching(/^[0-9a-z._~r-]{0,12}$/))
    fc.assert(
      fc.property(odd, odd, (a, b) => {
        const {order, note} = orderForMatching(a, b)
        if (order === 'unknown') expect(note).not.toBeNull()
      }),
      {numRuns: 2000},
    )
  })

  test('megabytes cost nothing', () => {
    const long = `1${'.'.repeat(5e6)}`
    expect(orderForMatching(long, `${long}1`)).toMatchObject({order: 'unknown'})
    expect(orderForMatching('1'.repeat(1e6), `1${'_p1'.repeat(1e6)}`).order).toBe('unknown')
  })
})

const vectors = shared('feeds/apk-version-vectors.tsv')
test.skipIf(!vectors)("apk-tools' own comparisons", () => {
  const wrong = rowsOf(vectors).filter(([a = '', op = '', b = '']) => !satisfies(a, op, b))
  expect(wrong).toEqual([])
})

const validity = shared('feeds/apk-version-validity.tsv')
test.skipIf(!validity)("apk-tools' own verdicts of validity", () => {
  const wrong = rowsOf(validity).filter(([verdict, text = '']) => isValidVersion(text) !== (verdict === 'valid'))
  expect(wrong).toEqual([])
})

function rowsOf(path: string | null): string[][] {
  const lines = readFileSync(path ?? '', 'utf8').split('\n')
  return lines.filter(line => line !== '' && !line.startsWith('#')).map(line => line.split('\t'))
}
