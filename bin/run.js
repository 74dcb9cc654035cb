#!/usr/bin/env node
import module from 'node:module'

module.enableCompileCache?.()
try {
  const {main} = await import('../dist/cli.js')
  await main(process.argv.slice(2))
} catch (error) {
  // 1 means findings, and only that.
  process.stderr.write(`piton: cannot start: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
