import {defineConfig} from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/conformance/**', 'test/hostile/**', 'test/**/*.long.test.ts'],
    globalSetup: 'test/support/build.ts',
    testTimeout: 30_000,
    pool: 'forks',
    // Two at a time even where there are only two processors: many tests wait for a program that they started.
    maxWorkers: 2,
    // Concurrent tests start programs: no more than there are processors to run them.
    maxConcurrency: 2,
  },
})
