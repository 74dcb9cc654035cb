#!/usr/bin/env node
// Runs the sources: no build needed.
import {register} from 'tsx/esm/api'

register()
try {
  const {main} = await import('../src/cli/main.ts')
  await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`piton: cannot start: ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = 2
}
