import fc from 'fast-check'
import {expect, test} from 'vitest'
import {checkedFragments, sparseSource} from '../../src/archive/sparse.js'
import {memorySource} from '../../src/bytes/source.js'

const runs = fc.array(fc.tuple(fc.nat(5), fc.nat(5)), {maxLength: 12})

test('a sparse file reads as its fragments with zeros between them, wherever it is read', () => {
  fc.assert(
    fc.property(runs, fc.nat(4), fc.nat(150), fc.nat(150), (gaps, tail, offset, length) => {
      const whole: number[] = []
      const stored: number[] = []
      const pairs: number[] = []
      for (const [gap, size] of gaps) {
        whole.push(...new Array<number>(gap).fill(0))
        pairs.push(whole.length, size)
        const bytes = Array.from({length: size}, (_, at) => 1 + ((stored.length + at) % 255))
        stored.push(...bytes)
        whole.push(...bytes)
      }
      whole.push(...new Array<number>(tail).fill(0))
      const fragments = checkedFragments(pairs, whole.length, () => 'x')
      const source = sparseSource(memorySource(Uint8Array.from(stored)), fragments, whole.length)
      expect([...source.read(offset, length)]).toEqual(whole.slice(offset, offset + length))
    }),
  )
})

test('a file of 100,000 fragments is read in 10,000 places within a second', () => {
  const pairs = Array.from({length: 100_000}, (_, at) => [at * 2, 1]).flat()
  const fragments = checkedFragments(pairs, 200_000, () => 'x')
  const source = sparseSource(memorySource(new Uint8Array(100_000).fill(7)), fragments, 200_000)
  const started = performance.now()
  for (let at = 0; at < 10_000; at++) expect(source.read(at * 20, 4)[0]).toBe(7)
  expect(performance.now() - started).toBeLessThan(1000)
})
