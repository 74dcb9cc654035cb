import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {fixtures} from './fixtures/make.js'

for (const [path, make] of fixtures) {
  test(`${path} is what its generator makes`, () => {
    expect(readFileSync(new URL(`fixtures/${path}`, import.meta.url)).equals(make())).toBe(true)
  })
}
