import {spawn} from 'node:child_process'
import {closeSync, mkdtempSync, openSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {onTestFinished} from 'vitest'

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const meter = new URL('./meter.js', import.meta.url).href
const onDay = fileURLToPath(new URL('./on-day.js', import.meta.url))

/** Where no folder can be made, not even by root: every run begins anew. */
const noCache = '/dev/null/cache'

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly milliseconds: number
  /** The most memory that the process held at one time. */
  readonly peakBytes: number
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Close its standard output after so many bytes, as `head` does. */
  readonly closeAfterBytes?: number
  /** What comes through a pipe; a path is opened as standard input instead. */
  readonly stdin?: Uint8Array | {readonly path: string}
  /** As it is, without measuring its memory: what Node loads before a program could change anything, so no answer is kept. */
  readonly bare?: boolean
  /** The day that it is, YYYY-MM-DD, by the clock of the machine; not measured either. */
  readonly day?: string
  /** As somebody who may not read everything, where the tests run as root. */
  readonly unprivileged?: boolean
}

/** Runs `bin/run.js`, as a person would: without a terminal, and with nothing in the environment that changes it. */
export function piton(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const {PATH = '', HOME = ''} = process.env
  const env = {PATH, HOME, XDG_CACHE_HOME: noCache, NODE_DISABLE_COMPILE_CACHE: '1', ...options.env}
  const started = performance.now()
  const {stdin} = options
  const input = stdin === undefined ? 'ignore' : stdin instanceof Uint8Array ? 'pipe' : openSync(stdin.path, 'r')
  const child = spawn(process.execPath, [...startOf(options), ...args], {
    cwd: options.cwd,
    env,
    ...(options.unprivileged === true && process.getuid?.() === 0 ? {uid: 65_534, gid: 65_534} : {}),
    stdio: [input, 'pipe', 'pipe', 'pipe'],
  })
  if (typeof input === 'number') closeSync(input)
  child.stdin?.on('error', () => {
    // It has read enough.
  })
  if (stdin instanceof Uint8Array) child.stdin?.end(stdin)
  const collected = [1, 2, 3].map(() => [] as Buffer[])
  let received = 0
  for (const [index, stream] of [child.stdout, child.stderr, child.stdio[3]].entries()) {
    stream?.on('data', (chunk: Buffer) => {
      collected[index]?.push(chunk)
      received += index === 0 ? chunk.length : 0
      if (index === 0 && options.closeAfterBytes !== undefined && received >= options.closeAfterBytes)
        child.stdout?.destroy()
    })
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => {
      const [stdout = '', stderr = '', peak = ''] = collected.map(chunks => Buffer.concat(chunks).toString('utf8'))
      const milliseconds = performance.now() - started
      resolve({code, stdout, stderr, milliseconds, peakBytes: Number(peak)})
    })
  })
}

function startOf({bare = false, day}: RunOptions): readonly string[] {
  if (day !== undefined) return [onDay, day, program]
  return bare ? [program] : ['--import', meter, program]
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'piton-test-'))
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}))
  return folder
}

/** What a terminal would obey: control characters other than line ends, and what reorders or hides text. */
export const terminalCommands = /[^\P{Cc}\n]|\p{Bidi_Control}|\p{Zl}|\p{Zp}/u

/** One line that a person can read: `piton: …`, and no stack trace. */
export const oneErrorLine = /^piton: [^\n]{10,}\n$/
