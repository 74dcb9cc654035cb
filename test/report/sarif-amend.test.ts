import {expect, test} from 'vitest'
import {amendSarif, parseCategory} from '../../src/report/sarif-amend.js'
import {bytesOf, logOf, runOf} from '../support/sarif-log.js'

const read = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString())

test('a SARIF file that nobody wants otherwise stays as it is', () => {
  const bytes = bytesOf(logOf())
  expect(amendSarif(bytes, {})).toBe(bytes)
})

test('a category takes the place of what the runs say, and leaves the rest', () => {
  const bytes = bytesOf(
    logOf(runOf({automationDetails: {id: 'a/', guid: 'x'}}), runOf({automationDetails: undefined as never})),
  )
  expect(read(amendSarif(bytes, {category: 'b/c'}))).toEqual(
    logOf(runOf({automationDetails: {id: 'b/c/', guid: 'x'}}), runOf({automationDetails: {id: 'b/c/'}})),
  )
})

test('a scan that is taken for a whole one says so of each of its invocations', () => {
  const invocations = [{executionSuccessful: false}, {executionSuccessful: true, exitCode: 1}]
  expect(read(amendSarif(bytesOf(logOf(runOf({invocations}))), {asComplete: true}))).toEqual(
    logOf(runOf({invocations: [{executionSuccessful: true}, {executionSuccessful: true, exitCode: 1}]})),
  )
})

for (const log of [null, [], {}, {runs: {}}, {runs: [null, 1, [], {invocations: [null, 'x']}, {invocations: 1}]}]) {
  test(`${JSON.stringify(log)} is no reason to fail`, () => {
    expect(() => amendSarif(bytesOf(log), {category: 'x', asComplete: true})).not.toThrow()
  })
}

const categories: [text: string, category: string | null][] = [
  ['piton/web', 'piton/web'],
  ['piton/web/', 'piton/web'],
  ['.github/workflows/scan.yml:scan/image:web', '.github/workflows/scan.yml:scan/image:web'],
  ['', null],
  ['/', null],
  ['a\nb', null],
  ['x'.repeat(201), null],
]
for (const [text, category] of categories) {
  test(`the category ${JSON.stringify(text.slice(0, 40))}`, () => expect(parseCategory(text)).toBe(category))
}
