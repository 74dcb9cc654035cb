// on-day.js YYYY-MM-DD PROGRAM WORD…: runs a program as if it were this time on another day.
import {pathToFileURL} from 'node:url'

const [node, , day, program, ...words] = process.argv
const Clock = globalThis.Date
const aheadMs = Clock.parse(`${day}T00:00:00Z`) - Clock.parse(`${new Clock().toISOString().slice(0, 10)}T00:00:00Z`)

globalThis.Date = class extends Clock {
  constructor(...args) {
    if (args.length === 0) super(Clock.now() + aheadMs)
    else super(...args)
  }

  static now() {
    return Clock.now() + aheadMs
  }
}
process.argv = [node, program, ...words]
await import(pathToFileURL(program).href)
