import {defineConfig} from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/conformance/**', 'test/hostile/**'],
    globalSetup: 'test/support/build.ts',
    testTimeout: 30_000,
    pool: 'forks',
    // Concurrent tests start programs: no more than there are processors to run them.
    maxConcurrency: 2,
  },
})
