import {execFileSync, spawn} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {performance} from 'node:perf_hooks'
import {fileURLToPath} from 'node:url'
import {shared} from '../support/shared.js'

/** The database: what one scan needs of it, and a refresh that has nothing new, each in a process of its own. */

const root = fileURLToPath(new URL('../..', import.meta.url))
const program = join(root, 'bin/run.js')
const rounds = Number(process.env['PITON_BENCH_ROUNDS'] ?? 15)

const env = {...process.env}
// It alone adds 45 ms to every start of Node 20.
delete env['NODE_EXTRA_CA_CERTS']

/** What a scan of Alpine 3.19.0 asks for: the advisories of its branch, and what is known of the ids that it reports. */
const rootfs = shared('corpus/rootfs/alpine-3.19.0-aarch64.tar.gz')
const ids = rootfs === null ? ['CVE-2023-42363', 'CVE-2024-0727', 'CVE-2024-2511', 'CVE-2024-4603'] : idsOf(rootfs)

/** In a fresh process each time, where nothing is compiled or cached. */
const load = `
import {openDatabase} from ${JSON.stringify(join(root, 'dist/index.js'))}
const start = performance.now()
const database = openDatabase(${JSON.stringify(join(root, 'data'))})
if (database.load('v3.19').byOrigin.size === 0) throw new Error('nothing is loaded')
for (const id of ${JSON.stringify(ids)}) database.rate(id)
console.log(performance.now() - start)
`
const work = mkdtempSync(join(tmpdir(), 'piton-bench-'))
writeFileSync(join(work, 'load.mjs'), load)
const loads = Array.from({length: rounds}, () =>
  Number(execFileSync(process.execPath, [join(work, 'load.mjs')], {env, encoding: 'utf8'})),
)
rmSync(work, {recursive: true})
tell(`loading a branch, rating ${ids.length} ids`, loads, 10)

function idsOf(target: string): readonly string[] {
  const argv = [program, 'scan', '--no-cache', '-o', 'json', target]
  const {findings} = JSON.parse(execFileSync(process.execPath, argv, {env, encoding: 'utf8'}))
  return findings
    .filter(({family}: {family: string}) => family === 'vulnerability')
    .map(({rule}: {rule: string}) => rule)
}

const feeds = shared('feeds')
if (feeds !== null) await refresh(feeds)

/** From a copy of the real feeds on this machine: the first brings all of it, every other is told that it has it. */
async function refresh(folder: string): Promise<void> {
  const cache = mkdtempSync(join(tmpdir(), 'piton-bench-'))
  const server = createServer((request, response) => {
    const path = join(folder, decodeURIComponent(request.url ?? ''))
    const file = existsSync(path) && statSync(path).isDirectory() ? join(path, 'index.html') : path
    if (!existsSync(file)) return response.writeHead(404).end()
    const content = readFileSync(file)
    const etag = `"${createHash('sha256').update(content).digest('hex')}"`
    if (request.headers['if-none-match'] === etag) return response.writeHead(304, {etag}).end()
    return response.writeHead(200, {etag, 'content-length': content.length}).end(content)
  })
  try {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const times: number[] = []
    for (let round = -1; round < rounds; round++) {
      const started = performance.now()
      const child = spawn(process.execPath, [program, 'db', 'update', '--quiet', '--mirror', mirror], {
        env: {...env, XDG_CACHE_HOME: cache},
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      const code = await new Promise(resolve => child.on('exit', resolve))
      if (code !== 0) throw new Error(`db update: exit ${code}`)
      if (round >= 0) times.push(performance.now() - started)
    }
    tell('db update, nothing new', times, 300)
  } finally {
    server.close()
    server.closeAllConnections()
    rmSync(cache, {recursive: true, force: true})
  }
}

function tell(name: string, values: readonly number[], goalMs: number): void {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  console.log(`${name.padEnd(36)} ${middle.toFixed(1).padStart(6)} ms  goal ${goalMs}`)
}
