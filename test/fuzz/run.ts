import {spawn} from 'node:child_process'
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'
import {bundle} from './bundle.js'
import type {FeedOrder, FeedReport} from './feed.js'

const usage = `npm run fuzz -- [--minutes N] [--target NAME]... [--seed N] [--folder DIR] [--replay FILE]

Feeds changed inputs to what reads the bytes of strangers, and keeps each that reaches code which none reached before.
Anything thrown that is no PitonError, more than 2 s of processor time or 256 MB for one input, or an input that never
ends is a finding: it is made small, saved, and the exit code is 1.

  --minutes  of all targets together; default 2. 0 runs the seeds and what is stored only
  --target   repeatable; default all
  --seed     of the random numbers; default a new one, which is printed
  --folder   where inputs are kept from run to run; default node_modules/.cache/piton-fuzz
  --replay   feeds this one file to the target, and shows what it throws
`
const {values} = parseArgs({
  options: {
    minutes: {type: 'string', default: '2'},
    target: {type: 'string', multiple: true},
    seed: {type: 'string'},
    folder: {type: 'string', default: fileURLToPath(new URL('../../node_modules/.cache/piton-fuzz', import.meta.url))},
    replay: {type: 'string'},
    help: {type: 'boolean', short: 'h'},
  },
})

const all = readdirSync(new URL('./targets', import.meta.url))
  .map(name => name.replace(/\.ts$/, ''))
  .sort()
/** An input that is at it for longer never ends. */
const hangMs = 60_000
const mostHeapMB = 1024

if (values.help === true) process.stdout.write(usage)
else process.exitCode = await main()

async function main(): Promise<number> {
  const targets = values.target ?? all
  const unknown = targets.find(name => !all.includes(name))
  if (unknown !== undefined) {
    console.error(`There is no target ${unknown}. Targets: ${all.join(', ')}.`)
    return 2
  }
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : Number(values.seed)
  const folder = resolve(values.folder)
  const replay = values.replay === undefined ? null : resolve(values.replay)
  if (replay === null) console.log(`seed ${seed}, ${values.minutes} min, ${folder}`)
  let failures = 0
  for (const [index, target] of targets.entries()) {
    const minutes = Number(values.minutes) / targets.length
    failures += await fuzz(target, {minutes, seed: (seed + index) >>> 0, folder, replay})
  }
  if (replay === null) console.log(failures === 0 ? 'nothing found' : `${failures} found`)
  return failures === 0 ? 0 : 1
}

interface Plan {
  readonly minutes: number
  readonly seed: number
  readonly folder: string
  readonly replay: string | null
}

/** Feeds one target for its time, again where an input ended the program. */
async function fuzz(target: string, {minutes, seed, folder, replay}: Plan): Promise<number> {
  mkdirSync(join(folder, 'programs'), {recursive: true})
  const {file, branches} = await bundle(target, join(folder, 'programs'))
  const untilMs = Date.now() + minutes * 60_000
  const found = new Set<string>()
  let executions = 0
  for (let round = 0; round < 20; round++) {
    const order: FeedOrder = {
      seed: (seed + round * 7919) >>> 0,
      untilMs: minutes === 0 ? null : untilMs,
      corpus: join(folder, 'corpus', target),
      failures: join(folder, 'failures', target),
      current: join(folder, 'programs', `${target}.current`),
      mostMs: 2000,
      mostBytes: 256 * 1024 * 1024,
      replay,
      branches,
    }
    const ended = await feed(file, order, report => {
      if (report.type === 'failure') {
        found.add(report.what)
        console.log(`${target}: ${report.what}\n  ${report.bytes} bytes: ${report.file}`)
      } else if (report.done) {
        executions += report.executions
        const {corpus, reached} = report
        console.log(`${target}: ${executions} inputs, ${corpus} kept, ${reached} of ${branches} branches`)
      }
    })
    if (replay !== null) return ended === null ? 0 : 1
    if (ended === null) break
    if (!found.has(ended)) console.log(`${target}: ${ended}\n  ${saved(order, ended)}`)
    found.add(ended)
    if (Date.now() > untilMs) break
  }
  return found.size
}

/** Runs the program. @returns how it ended where it did not end well */
function feed(file: string, order: FeedOrder, on: (report: FeedReport) => void): Promise<string | null> {
  const child = spawn(process.execPath, ['--enable-source-maps', `--max-old-space-size=${mostHeapMB}`, file], {
    env: {...process.env, FUZZ_ORDER: JSON.stringify(order)},
    stdio: ['ignore', 'pipe', order.replay === null ? 'pipe' : 'inherit'],
  })
  let rest = ''
  let errors = ''
  child.stdout?.on('data', chunk => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line.startsWith('{"type"')) on(JSON.parse(line))
  })
  child.stderr?.on('data', chunk => {
    errors = (errors + chunk).slice(-4000)
  })
  let hung = false
  let last = -1
  let since = Date.now()
  const watch = setInterval(() => {
    const number = executionOf(order.current)
    if (number !== last) {
      last = number
      since = Date.now()
    } else if (Date.now() - since > hangMs) {
      hung = true
      child.kill('SIGKILL')
    }
  }, 1000)
  return new Promise(done => {
    child.on('close', (code, signal) => {
      clearInterval(watch)
      if (code === 0) done(null)
      else if (hung) done(`an input takes more than ${hangMs / 1000} s`)
      else if (code === 13) done('an input never ends: what is awaited does not come')
      else done(`the program ended with ${signal ?? code}: ${errors.trim().split('\n').slice(0, 12).join('\n    ')}`)
    })
  })
}

function executionOf(file: string): number {
  try {
    return readFileSync(file).readUInt32LE(0)
  } catch {
    return -1
  }
}

/** Saves the input that the program could not speak of any more. */
function saved({current, failures}: FeedOrder, why: string): string {
  const bytes = existsSync(current) ? readFileSync(current) : Buffer.alloc(8)
  const file = join(failures, `ended-${Date.now()}`)
  mkdirSync(failures, {recursive: true})
  writeFileSync(file, bytes.subarray(8, 8 + bytes.readUInt32LE(4)))
  writeFileSync(`${file}.txt`, `${why}\n`)
  return file
}
