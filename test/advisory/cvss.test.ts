import {describe, expect, test} from 'vitest'
import {parseVector} from '../../src/advisory/cvss.js'
import {loadScore} from '../../src/advisory/cvss-score.js'

// Scores as the specifications' examples and NVD give them.
const scored: [vector: string, version: string, score: number][] = [
  ['AV:N/AC:L/Au:N/C:N/I:N/A:C', '2.0', 7.8],
  ['AV:N/AC:L/Au:N/C:C/I:C/A:C', '2.0', 10],
  ['AV:L/AC:H/Au:N/C:C/I:C/A:C/E:POC/RL:OF/RC:C', '2.0', 6.2],
  ['CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', '3.0', 6.1],
  ['CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:U/RL:O/RC:C', '3.0', 9.8],
  ['CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', '3.0', 0],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', '3.1', 7.5],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H', '3.1', 10],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H/E:U/RL:O/RC:C', '3.1', 7.5],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', '4.0', 9.3],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U', '4.0', 9.3],
]

test.each(scored)('%s', async (vector, version, expected) => {
  const parsed = parseVector(vector)
  expect(parsed?.version).toBe(version)
  const score = await loadScore()
  expect(parsed && score(parsed)).toBe(expected)
})

describe('malformed', () => {
  test.each([
    '',
    'CVSS:3.1',
    'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N',
    'CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
    'CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
    'CVSS:3.2/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
    'AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
    'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N/',
    'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N\u001b[31m',
    `CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N${'/E:X'.repeat(1e5)}`,
  ])('%j', vector => expect(parseVector(vector)).toBeNull())
})

test('a metric out of its order is put back into it', () => {
  expect(parseVector('CVSS:3.1/A:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N')?.base).toBe(
    'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
  )
})
