import {collectorsFor, gatherFacts} from '../../src/facts/index.js'
import type {ImageConfig} from '../../src/model/image.js'
import type {Loaded} from '../../src/model/loaded.js'
import {apkDatabase, type PackageParts} from './alpine.js'
import {dynamicOf} from './elf-dynamic.js'
import {file, symlink, type TarItem} from './tar.js'
import {viewOf} from './view.js'

const loader = '/lib/ld-musl-x86_64.so.1'

/** A program of musl that needs these libraries. */
export function program(path: string, ...needed: string[]): TarItem {
  return file(path, dynamicOf({interpreter: loader, needed: ['libc.musl-x86_64.so.1', ...needed]}), {mode: 0o755})
}

export function library(path: string, ...needed: string[]): TarItem {
  return file(path, dynamicOf({needed: ['libc.musl-x86_64.so.1', ...needed], defines: ['x']}), {mode: 0o755})
}

export function scriptFile(path: string, text: string, mode = 0o755): TarItem {
  return file(path, text, {mode})
}

/** musl, and BusyBox with some of its links. */
export const alpine: readonly TarItem[] = [
  file('lib/ld-musl-x86_64.so.1', dynamicOf({defines: ['__libc_start_main', 'stdin']}), {mode: 0o755}),
  symlink('lib/libc.musl-x86_64.so.1', 'ld-musl-x86_64.so.1'),
  program('bin/busybox'),
  ...['sh', 'ash', 'chown', 'mkdir', 'ls', 'sleep', 'su', 'date'].map(name => symlink(`bin/${name}`, '/bin/busybox')),
  ...['env', 'find', 'id', 'sort', 'timeout', 'xargs', 'which', 'nohup'].map(name =>
    symlink(`usr/bin/${name}`, '../../bin/busybox'),
  ),
]

export interface StartConfig {
  readonly entrypoint?: readonly string[]
  readonly cmd?: readonly string[]
  readonly env?: readonly string[]
  readonly workingDir?: string
  readonly packages?: readonly PackageParts[]
}

/** What an image of these files loads. */
export async function loadedOf(items: readonly TarItem[], parts: StartConfig): Promise<Loaded> {
  const {entrypoint = [], cmd = [], env = [], workingDir = '', packages = []} = parts
  const config: ImageConfig = {
    platform: {os: 'linux', architecture: 'amd64'},
    entrypoint,
    cmd,
    env,
    workingDir,
    labels: new Map(),
    history: [],
    diffIDs: [],
  }
  const layers = [packages.length === 0 ? items : [...items, apkDatabase(packages)]]
  const view = await viewOf(layers, collectorsFor(false, true))
  const gathering = {database: null, today: '2026-01-01', libc: null, move: null, integrity: false, config}
  const {facts} = await gatherFacts(view, gathering)
  if (facts.loaded === null) throw new Error('nothing was followed')
  return facts.loaded
}
