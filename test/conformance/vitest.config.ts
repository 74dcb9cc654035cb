import {defineConfig} from 'vitest/config'

/** Tests against other tools, where those are installed: `npx vitest run --config test/conformance/vitest.config.ts`. */
export default defineConfig({
  test: {include: ['test/conformance/**/*.test.ts'], testTimeout: 600_000, hookTimeout: 600_000, pool: 'forks'},
})
