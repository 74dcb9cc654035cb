import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {performance} from 'node:perf_hooks'
import {fileURLToPath} from 'node:url'
import {shop} from '../fixtures/make.js'
import {shared} from '../support/shared.js'

/** `npm run bench`: whole commands, side by side in one go, as medians and as ratios to `node -e 0`. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const program = join(root, 'bin/run.js')
const work = mkdtempSync(join(tmpdir(), 'piton-bench-'))
const rounds = Number(process.env['PITON_BENCH_ROUNDS'] ?? 15)

const env = {...process.env}
// It alone adds 45 ms to every start of Node 20.
delete env['NODE_EXTRA_CA_CERTS']

interface Command {
  readonly name: string
  readonly argv: readonly string[]
  /** Goal of DESIGN.md "Budgets", as a ratio to `node -e 0`. */
  readonly goal?: number
}

writeFileSync(join(work, 'shop.tar'), shop())
const alpine = shared('corpus/images/multi.docker.tar') ?? join(work, 'shop.tar')
const gzip = shared('corpus/images/multi-gzip.oci.tar')
const rootfs = shared('corpus/rootfs/alpine-3.19.0-aarch64.tar.gz')

const commands: Command[] = [
  {name: 'node -e 0', argv: ['-e', '0']},
  {name: 'piton --version', argv: [program, '--version'], goal: 2.5},
  {name: 'piton rules', argv: [program, 'rules']},
  {name: 'scan, docker-archive of Alpine', argv: [program, 'scan', '--no-progress', alpine], goal: 4},
  ...(gzip === null
    ? []
    : [{name: 'scan, OCI archive, 5 gzip layers', argv: [program, 'scan', '--no-progress', gzip]}]),
  ...(rootfs === null ? [] : [{name: 'scan, Alpine rootfs.tar.gz', argv: [program, 'scan', '--no-progress', rootfs]}]),
]

const times = new Map<string, number[]>(commands.map(({name}) => [name, []]))
try {
  // One round of everything after the other, so that a busy moment of the machine falls on all alike.
  for (let round = -1; round < rounds; round++) {
    for (const {name, argv} of commands) {
      const start = performance.now()
      const {status, stderr} = spawnSync(process.execPath, argv, {env, encoding: 'utf8', maxBuffer: 1 << 28})
      if (status !== 0) throw new Error(`${name}: exit ${status}: ${stderr}`)
      if (round >= 0) times.get(name)?.push(performance.now() - start)
    }
  }
} finally {
  rmSync(work, {recursive: true, force: true})
}

const base = median(times.get('node -e 0') ?? [])
for (const {name, goal} of commands) {
  const middle = median(times.get(name) ?? [])
  const ratio = `${(middle / base).toFixed(2)} x node -e 0`
  console.log(
    `${name.padEnd(36)} ${middle.toFixed(0).padStart(6)} ms  ${ratio.padEnd(18)}${goal === undefined ? '' : `  goal ${goal}`}`,
  )
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
