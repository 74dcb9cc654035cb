#!/usr/bin/env node
try {
  const {main} = await import('../dist/load.js')
  await main(process.argv.slice(2))
} catch (error) {
  // 1 means findings, and only that.
  process.stderr.write(`piton: cannot start: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}
