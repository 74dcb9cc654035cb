import {closeSync, existsSync, lstatSync, openSync, readdirSync, readFileSync, readSync, realpathSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {MuslLoader, muslMachine, readObjectFrom} from '../../src/musl/index.js'
import {folderRoot} from './folder-root.js'
import {listLive, liveLoader} from './live-loader.js'

/** Without a path only musl's own folders are searched; with this one the programs of a glibc system find their libraries. */
const libraryPaths = ['', '/usr/lib/x86_64-linux-gnu:/usr/lib']
const folders = ['/usr/bin', '/usr/sbin', '/usr/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-musl']
const count = Number(process.env['PITON_LIVE_FILES'] ?? 60)

/** Spread over the folders, the same ones each time. */
function sample(): readonly string[] {
  const files = folders.filter(existsSync).flatMap(folder => elfFilesIn(folder))
  const step = Math.max(1, Math.floor(files.length / count))
  return files.filter((_, index) => index % step === 0)
}

function elfFilesIn(folder: string): readonly string[] {
  const head = new Uint8Array(20)
  return readdirSync(folder)
    .map(name => join(folder, name))
    .filter(file => {
      if (!lstatSync(file).isFile()) return false
      const descriptor = openSync(file, 'r')
      readSync(descriptor, head, 0, head.length, 0)
      closeSync(descriptor)
      // Magic, 64 bits, little endian; x86_64.
      return head[0] === 0x7f && head[1] === 0x45 && head[4] === 2 && head[5] === 1 && head[18] === 62
    })
}

test.skipIf(!existsSync(liveLoader)).each(libraryPaths)('the model and %j of the real loader agree', libraryPath => {
  const machine = muslMachine('x86_64')
  const path = realpathSync(liveLoader)
  const bytes = readFileSync(path)
  const musl = readObjectFrom(memorySource(bytes), path)
  if (musl === null || machine === null) throw new Error(liveLoader)
  const [, version = ''] = /\0(1\.\d+\.\d+)\0/.exec(bytes.toString('latin1')) ?? []
  const pathFile = '/etc/ld-musl-x86_64.path'
  const loader = new MuslLoader(folderRoot('/'), {
    machine,
    musl: {version: version.split('.').map(Number) as [number, number, number], exports: musl.exports},
    libraryPath,
    ...(existsSync(pathFile) && {pathFiles: new Map([[pathFile, readFileSync(pathFile, 'utf8')]])}),
  })
  for (const file of sample()) {
    const live = listLive(file, libraryPath)
    if (live === null) continue
    const verdict = loader.list(file)
    const found = {
      libraries: verdict.missingLibraries.map(({name, neededBy}) => `${name} < ${neededBy}`),
      symbols: verdict.missingSymbols.map(({name, requiredBy}) => `${name} < ${requiredBy}`),
      relocations: verdict.unsupportedRelocations.map(({type, in: object}) => `${type} < ${object}`),
    }
    // The loader names objects by the paths that it opened, the model by where they are.
    const real = (entries: readonly string[]) =>
      [...new Set(entries.map(entry => entry.replace(/(?<= < ).*/, object => realpathSync(object))))].sort()
    expect({
      file,
      ...found,
      libraries: real(found.libraries),
      symbols: real(found.symbols),
      relocations: real(found.relocations),
    }).toEqual({
      file,
      libraries: real(live.libraries),
      symbols: real(live.symbols),
      relocations: real(live.relocations),
    })
  }
})
