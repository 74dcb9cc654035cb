import {spawnSync} from 'node:child_process'
import {closeSync, openSync, readdirSync, readSync} from 'node:fs'
import {join} from 'node:path'
import {performance} from 'node:perf_hooks'
import {fileURLToPath} from 'node:url'

/** ELF files of this machine's own /usr/bin and /usr/lib: piton beside what people would run instead. */

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const folders = ['/usr/bin', '/usr/lib']
const rounds = Number(process.env['PITON_BENCH_ELF_ROUNDS'] ?? 3)
const sampleSize = 100

const files = folders.flatMap(elfFilesBelow)
const sample = files.filter((_, index) => index % Math.ceil(files.length / sampleSize) === 0)

interface Tool {
  readonly name: string
  readonly command: string
  readonly argv: readonly string[]
  /** How many files it looks at. */
  readonly files: number
  /** Files of one call; all where left out. */
  readonly each?: readonly string[]
}

const tools: Tool[] = [
  {
    name: 'piton elf',
    command: process.execPath,
    argv: [program, 'elf', '--no-progress', '-o', 'json', ...folders],
    files: files.length,
  },
  {
    name: 'piton audit',
    command: process.execPath,
    argv: [program, 'audit', '--no-progress', '-o', 'json', '/usr'],
    files: files.length,
  },
  {
    name: 'scanelf -s __stack_chk_fail',
    command: 'scanelf',
    argv: ['-qRs', '__stack_chk_fail', ...folders],
    files: files.length,
  },
  {
    name: 'readelf -h -l -dW --dyn-syms',
    command: 'readelf',
    argv: ['-h', '-l', '-dW', '--dyn-syms', ...files],
    files: files.length,
  },
  {name: 'checksec, sample', command: 'checksec', argv: [], files: sample.length, each: sample},
]

console.log(`\n${files.length} ELF files in ${folders.join(' and ')}`)
const base = secondsAFile(tools[0] as Tool)
for (const tool of tools) {
  const seconds = tool === tools[0] ? base : secondsAFile(tool)
  if (seconds === null || base === null) console.log(`${tool.name.padEnd(36)} not installed`)
  else
    console.log(
      `${tool.name.padEnd(36)} ${(1 / seconds).toFixed(0).padStart(6)} files/s  ${(seconds / base).toFixed(2)} x piton elf`,
    )
}

/** The median of the rounds; null where the tool is not there. */
function secondsAFile({command, argv, files: count, each}: Tool): number | null {
  const times: number[] = []
  for (let round = 0; round < (each === undefined ? rounds : 1); round++) {
    const start = performance.now()
    for (const args of each?.map(file => [`--file=${file}`]) ?? [argv]) {
      const {error} = spawnSync(command, args, {stdio: 'ignore'})
      if (error !== undefined) return null
    }
    times.push((performance.now() - start) / 1000 / count)
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? null
}

function elfFilesBelow(folder: string): string[] {
  return readdirSync(folder, {withFileTypes: true, recursive: true})
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .filter(isElf)
}

function isElf(path: string): boolean {
  try {
    const fd = openSync(path, 'r')
    const magic = Buffer.alloc(4)
    readSync(fd, magic, 0, 4, 0)
    closeSync(fd)
    return magic.toString('latin1') === '\u007fELF'
  } catch {
    return false
  }
}
