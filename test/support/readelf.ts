import {spawnSync} from 'node:child_process'

/** What binutils' readelf says of one file. */
export interface Readelf {
  readonly type: string
  readonly needed: readonly string[]
  readonly soname: string | null
  readonly rpath: string | null
  readonly runpath: string | null
  readonly interpreter: string | null
  readonly relro: 'none' | 'partial' | 'full'
  /** Flags of GNU_STACK, null where there is none. */
  readonly stack: string | null
  /** Entries of `.dynsym`; null where there is no such section. */
  readonly symbols: number | null
  readonly textRelocations: boolean
  readonly buildID: string | null
}

export function hasTool(name: string, ...args: string[]): boolean {
  return spawnSync(name, args.length > 0 ? args : ['--version']).status === 0
}

/** Runs readelf over `paths`, some hundred at a time. */
export function readelf(paths: readonly string[]): ReadonlyMap<string, Readelf> {
  const found = new Map<string, Readelf>()
  for (let at = 0; at < paths.length; at += 100) {
    const batch = paths.slice(at, at + 100)
    const options = {encoding: 'latin1', maxBuffer: 2 ** 30, env: {...process.env, LC_ALL: 'C'}} as const
    // A second name makes readelf say which file each part of its output is about.
    const {stdout} = spawnSync('readelf', ['-W', '-h', '-l', '-d', '-n', '--dyn-syms', ...batch, '/dev/null'], options)
    for (const part of stdout.split(/^File: /m).slice(1)) found.set(part.slice(0, part.indexOf('\n')), parse(part))
  }
  return found
}

/** The code that FDEs of `.eh_frame` describe: sorted, without overlaps; null where there are none. */
export function readelfFrames(path: string): readonly {readonly start: number; readonly end: number}[] | null {
  const options = {encoding: 'latin1', maxBuffer: 2 ** 30, env: {...process.env, LC_ALL: 'C'}} as const
  const {stdout} = spawnSync('readelf', ['--debug-dump=frames', path], options)
  const part = stdout.split(/^Contents of the /m).find(part => part.startsWith('.eh_frame section'))
  if (part === undefined) return null
  const functions = [...part.matchAll(/ FDE .* pc=([0-9a-f]+)\.\.([0-9a-f]+)/g)]
    .map(([, start = '', end = '']) => ({start: Number.parseInt(start, 16), end: Number.parseInt(end, 16)}))
    .sort((a, b) => a.start - b.start)
  return functions.reduce<{start: number; end: number}[]>((merged, {start, end}) => {
    const last = merged.at(-1)
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end)
    else merged.push({start, end})
    return merged
  }, [])
}

function parse(text: string): Readelf {
  const one = (pattern: RegExp) => pattern.exec(text)?.[1] ?? null
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(match => match[1] ?? '')
  const bindNow = /\((BIND_NOW)\)|\(FLAGS\).*BIND_NOW|\(FLAGS_1\).*\bNOW\b/.test(text)
  const relro = /^\s+GNU_RELRO/m.test(text)
  const symbols = one(/^Symbol table '\.dynsym' contains (\d+) entr/m)
  return {
    type: one(/^\s+Type:\s+(\w+)/m) ?? '',
    needed: all(/\(NEEDED\)\s+Shared library: \[(.*)\]/g),
    soname: one(/\(SONAME\)\s+Library soname: \[(.*)\]/),
    rpath: one(/\(RPATH\)\s+Library rpath: \[(.*)\]/),
    runpath: one(/\(RUNPATH\)\s+Library runpath: \[(.*)\]/),
    interpreter: one(/\[Requesting program interpreter: (.*)\]/),
    relro: relro ? (bindNow ? 'full' : 'partial') : 'none',
    stack: one(/^\s+GNU_STACK(?:\s+0x\w+){5}\s+([RWE ]{3})/m),
    symbols: symbols === null ? null : Number(symbols),
    textRelocations: /\(TEXTREL\)|\(FLAGS\).*TEXTREL/.test(text),
    buildID: one(/Build ID: (\w+)/),
  }
}
