import {spawn} from 'node:child_process'
import {performance} from 'node:perf_hooks'

/** Loaded into a program of Node: tells its peak memory on descriptor 3. */
const meter = new URL('../support/meter.js', import.meta.url).href

export interface Measured {
  readonly milliseconds: number
  /** null for what is no program of Node. */
  readonly peakBytes: number | null
}

/** A command line: Node with these arguments, or another program. */
export interface Command {
  readonly argv: readonly string[]
  /** Where it is not Node. */
  readonly program?: string
  /** As a person runs it: its memory is not measured, as no answer is kept where something is loaded before the program. */
  readonly plain?: boolean
  readonly env?: Readonly<Record<string, string>>
}

const environment = {...process.env}
// It alone adds 45 ms to every start of Node 20.
delete environment['NODE_EXTRA_CA_CERTS']

/** Runs a command to its end. @throws where it fails: a time of what did not work says nothing */
export function measure({argv, program, plain = false, env}: Command): Promise<Measured> {
  const started = performance.now()
  const before = program === undefined && !plain ? ['--import', meter] : []
  const [file, args] = [program ?? process.execPath, [...before, ...argv]]
  const child = spawn(file, args, {
    env: {...environment, ...env},
    stdio: ['ignore', 'ignore', 'pipe', program === undefined ? 'pipe' : 'ignore'],
  })
  let said = ''
  let peak = ''
  child.stderr?.on('data', chunk => (said += chunk))
  child.stdio[3]?.on('data', chunk => (peak += chunk))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => {
      const milliseconds = performance.now() - started
      if (code === 0) resolve({milliseconds, peakBytes: peak === '' ? null : Number(peak)})
      else reject(new Error(`${file} ${argv.join(' ')}: exit ${code}: ${said.slice(-500)}`))
    })
  })
}

/** The median time and the highest peak of `rounds` runs, after one that warms the page cache. */
export async function measureOften(command: Command, rounds: number): Promise<Measured> {
  await measure(command)
  const runs: Measured[] = []
  for (let round = 0; round < rounds; round++) runs.push(await measure(command))
  const peaks = runs.map(({peakBytes}) => peakBytes).filter(peak => peak !== null)
  return {
    milliseconds: median(runs.map(({milliseconds}) => milliseconds)),
    peakBytes: peaks.length === 0 ? null : Math.max(...peaks),
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
