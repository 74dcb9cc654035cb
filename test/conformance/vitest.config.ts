import {defineConfig} from 'vitest/config'

/** The long suite: real inputs in bulk, other tools where those are installed, and what takes seconds a file. `npm run test:conformance` runs it. */
export default defineConfig({
  test: {
    include: ['test/conformance/**/*.test.ts', 'test/hostile/**/*.test.ts', 'test/**/*.long.test.ts'],
    globalSetup: 'test/support/build.ts',
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: 'forks',
    maxConcurrency: 2,
  },
})
