import {expect, test} from 'vitest'
import {daysBetween, endOfCommunity, nearestSupported} from '../../src/model/alpine.js'

const releases = [
  ['v3.19', '2023-12-07', '2025-11-01'],
  ['v3.20', '2024-05-22', '2026-04-01'],
  ['v3.21', '2024-12-05', '2026-11-01'],
  ['v3.22', '2025-05-30', '2027-05-01'],
].map(([branch = '', released = '', endOfLife = '']) => ({branch, released, endOfLife, latest: '', musl: null}))

test.each([
  ['v3.19', '2025-12-01', 'v3.20'],
  ['v3.19', '2026-03-01', 'v3.21'],
  ['v3.20', '2026-03-01', 'v3.21'],
  ['v3.18', '2024-01-01', 'v3.19'],
  ['v3.22', '2026-03-01', undefined],
  ['v3.19', '2028-01-01', undefined],
])('the smallest step from %s on %s is to %s', (branch, today, nearest) => {
  expect(nearestSupported(releases, branch, today, 60)?.branch).toBe(nearest)
})

test.each([
  ['v3.20', '2024-12-04', undefined],
  ['v3.20', '2024-12-05', '2024-12-05'],
  ['v3.22', '2026-01-01', undefined],
  ['edge', '2026-01-01', undefined],
])('community of %s on %s is not kept up since %s', (branch, today, since) => {
  expect(endOfCommunity(releases, branch, today)?.released).toBe(since)
})

test('days are whole, whatever the clock of the place', () => {
  expect([daysBetween('2025-03-29', '2025-03-31'), daysBetween('2025-11-02', '2025-11-01')]).toEqual([2, -1])
})
