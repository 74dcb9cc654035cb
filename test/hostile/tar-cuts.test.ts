import {expect, test} from 'vitest'
import {TarWalker} from '../../src/archive/tar.js'
import {tarOf} from '../support/tar.js'
import {everyKind} from '../support/tar-kinds.js'

test('cut in two at every byte, a tar is the same', () => {
  const different: string[] = []
  // Kind by kind, each with what follows it: all together would take the square of their time.
  for (let from = 0; from < everyKind.length; from += 3) {
    const part = tarOf(everyKind.slice(from, from + 4)).subarray(0, -512)
    const expected = textOf([part])
    for (let at = 1; at < part.length; at++)
      if (textOf([part.subarray(0, at), part.subarray(at)]) !== expected) different.push(`${from}, ${at}`)
  }
  expect(different).toEqual([])
})

/** Names and bodies, of a tar that comes in these pieces. */
function textOf(pieces: readonly Uint8Array[]): string {
  let text = ''
  const body = {
    limit: Number.POSITIVE_INFINITY,
    write: (chunk: Uint8Array) => {
      text += Buffer.from(chunk).toString('latin1')
    },
    end: () => {},
  }
  const walker = new TarWalker(
    {
      member({name}) {
        text += `\n${name} `
        return body
      },
    },
    'test.tar',
  )
  for (const piece of pieces) walker.push(piece)
  walker.end()
  return text
}
