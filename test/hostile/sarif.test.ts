import {randomBytes} from 'node:crypto'
import {expect, test} from 'vitest'
import {checkSarif} from '../../src/report/sarif-check/index.js'
import {bytesOf, logOf} from '../support/sarif-log.js'

async function problemsOf(bytes: Uint8Array): Promise<string[]> {
  const {problems} = await checkSarif(bytes)
  return problems.map(({level, code, path, message}) => `${level} ${code} ${path}: ${message}`)
}

test('a file of more than 10 MB when compressed is too large', async () => {
  const noise = Array.from({length: 21}, () => randomBytes(512 * 1024).toString('base64'))
  const {problems} = await checkSarif(bytesOf({...logOf(), properties: {noise}}))
  expect(problems.map(({code, path, message}) => `${code} ${path}: ${message}`)).toEqual([
    expect.stringMatching(
      /^SARIF_TOO_LARGE : has 1\d,\d{3},\d{3} bytes when compressed; GitHub rejects more than 10,485,760/,
    ),
  ])
})

test('a file that would fill the memory with empty objects is not read', async () => {
  const bytes = Buffer.from(`[${'{},'.repeat(5_000_000)}{}]`)
  expect(await problemsOf(bytes)).toEqual(['error SARIF_TOO_LARGE : holds more than 8,000,000 values'])
})

test('a text that is long and almost right is looked at once', async () => {
  const almost = 'sarif'.repeat(4_000_000)
  expect(await problemsOf(bytesOf({...logOf(), $schema: almost}))).toEqual([
    expect.stringMatching(/^error SARIF_SCHEMA \$schema/),
  ])
})
