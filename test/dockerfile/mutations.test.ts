import fc from 'fast-check'
import {expect, test} from 'vitest'
import {mutationCases, mutations, outcomeOf} from '../support/dockerfile-mutations.js'

for (const mutation of mutations) {
  test(`a mutation never gives a wrong line: ${mutation}`, () => {
    fc.assert(
      fc.property(mutationCases, each => {
        const outcome = outcomeOf({...each, mutation})
        // Where the first instruction is gone, nothing tells its layer from one of the base image.
        expect(outcome).toMatchObject({wrong: 0, ...(mutation !== 'delete' && {wrongBase: 0})})
      }),
      {numRuns: 500},
    )
  })
}

test('an unchanged Dockerfile with the history of BuildKit gives every line', () => {
  fc.assert(
    fc.property(mutationCases, each => {
      expect(outcomeOf({...each, mutation: 'none', builder: 'buildkit'})).toMatchObject({from: 0, wrong: 0})
    }),
    {numRuns: 500},
  )
})
