import fc from 'fast-check'
import {expect, test} from 'vitest'
import {Budget} from '../../src/rootfs/budget.js'

/** Bodies of each layer, in pieces of one byte: how much is held at most while all layers are read at once. */
async function mostHeld(layers: readonly (readonly number[])[], limit: number): Promise<number> {
  const budget = new Budget(limit)
  let held = 0
  let most = 0
  await Promise.all(
    layers.map(async (bodies, layer) => {
      for (const body of bodies) {
        for (let piece = 0; piece < body; piece++) {
          await budget.turn(layer)
          held++
          most = Math.max(most, held)
          if (piece === 0) budget.keep(layer, body)
        }
        held -= body
        budget.keep(layer, -body)
      }
      budget.leave(layer)
    }),
  )
  return most
}

const bodies = fc.array(fc.integer({min: 1, max: 40}), {maxLength: 6})

test('all layers come to their end, and keep no more than the limit or the largest body', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(bodies, {minLength: 1, maxLength: 5}),
      fc.integer({min: 1, max: 60}),
      async (all, limit) => {
        const largest = Math.max(0, ...all.flat())
        // One piece of each layer comes before its body is counted.
        expect(await mostHeld(all, limit)).toBeLessThanOrEqual(Math.max(limit, largest) + all.length)
      },
    ),
  ))

test('a large body of the lowest layer waits for those that began before it', async () => {
  expect(await mostHeld([[3, 100], [90], [90]], 95)).toBeLessThanOrEqual(103)
})
