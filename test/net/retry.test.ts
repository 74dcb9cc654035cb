import {expect, test} from 'vitest'
import {netLimits} from '../../src/model/limits.js'
import {backoffMs, isBusy, retryAfterMs} from '../../src/net/retry.js'

const now = Date.parse('2025-01-01T00:00:00Z')
const values: [value: string | undefined, ms: number | null][] = [
  [undefined, null],
  ['0', 0],
  ['120', 120_000],
  [' 5 ', 5000],
  ['-1', null],
  ['1.5', null],
  ['9999999999999', null],
  ['Wed, 01 Jan 2025 00:01:00 GMT', 60_000],
  ['Tue, 31 Dec 2024 00:00:00 GMT', 0],
  ['Wed, 99 Foo', null],
  ['soon', null],
]
for (const [value, ms] of values)
  test(`Retry-After: ${value} is ${ms} ms`, () => expect(retryAfterMs(value, now)).toBe(ms))

const statuses: [status: number, busy: boolean][] = [
  [200, false],
  [401, false],
  [404, false],
  [429, true],
  [500, true],
  [501, false],
  [503, true],
]
for (const [status, busy] of statuses)
  test(`${status} ${busy ? 'may pass' : 'stays'}`, () => expect(isBusy(status)).toBe(busy))

test('pauses double, within bounds', () => {
  for (const [attempt, longest] of [
    [1, 500],
    [2, 1000],
    [3, 2000],
    [10, 10_000],
    [2000, 10_000],
  ] as const) {
    for (let round = 0; round < 20; round++) {
      const ms = backoffMs(attempt, netLimits)
      expect(ms).toBeGreaterThanOrEqual(longest / 2)
      expect(ms).toBeLessThanOrEqual(longest)
    }
  }
})
