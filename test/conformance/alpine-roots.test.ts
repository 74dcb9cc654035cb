import {execFileSync} from 'node:child_process'
import {mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {readElf} from '../../src/elf/read.js'
import {MuslLoader, muslMachine, readMusl} from '../../src/musl/index.js'
import {rootOf, type Tree} from '../support/elf-dynamic.js'
import {shared} from '../support/shared.js'

/** Released root file systems, and what each is known to have. */
const roots = [
  ['alpine-3.1.4-x86_64', [1, 1, 5], 28],
  ['alpine-3.6.3-armhf', [1, 1, 16], 13],
  ['alpine-3.9.0-aarch64', [1, 1, 20], 16],
  ['alpine-3.19.0-aarch64', [1, 2, 4], 17],
  ['alpine-3.23.2-x86_64', [1, 2, 5], 16],
] as const

const folder = shared('corpus/rootfs')

/** Everything that Alpine released loads on its own musl, which is read from the root itself. */
describe.skipIf(folder === null).each(roots)('%s', (name, version, count) => {
  test('every program and library loads', () => {
    const tree = readTree(join(folder ?? '', `${name}.tar.gz`))
    const [path = '', bytes] = Object.entries(tree).find(([path]) => /^\/lib\/ld-musl-\w+\.so\.1$/.test(path)) ?? []
    if (!(bytes instanceof Uint8Array)) throw new Error(`${name} has no musl`)
    const elf = readElf(memorySource(bytes), path)
    const machine = muslMachine(elf.header.machine)
    const musl = readMusl(elf, memorySource(bytes), null)
    if (machine === null || musl === null) throw new Error(path)
    expect(musl.version).toEqual(version)

    const loader = new MuslLoader(rootOf(tree), {machine, musl})
    const verdicts = Object.entries(tree)
      .filter(([, bytes]) => bytes instanceof Uint8Array && bytes[0] === 0x7f && bytes[1] === 0x45)
      .map(([path]) => loader.judge(path))
    expect(verdicts).toHaveLength(count)
    // The archive of 3.23.2 leaves out its largest files, libcrypto among them.
    const missing = new Set(verdicts.flatMap(({missingLibraries}) => missingLibraries.map(({name}) => name)))
    expect([...missing]).toEqual(name.includes('3.23.2') ? ['libcrypto.so.3'] : [])
    const unexplained = verdicts.flatMap(({missingSymbols}) => missingSymbols.filter(symbol => !symbol.explainedBy))
    expect(unexplained).toEqual([])
    expect(verdicts.flatMap(({unsupportedRelocations}) => unsupportedRelocations)).toEqual([])
  })
})

function readTree(archive: string): Tree {
  const folder = mkdtempSync(join(tmpdir(), 'piton-root-'))
  try {
    execFileSync('tar', ['xzf', archive, '-C', folder, '--no-same-owner'], {stdio: 'pipe'})
    const entries = readdirSync(folder, {recursive: true, withFileTypes: true})
    return Object.fromEntries(
      entries.flatMap((entry): [string, string | Uint8Array][] => {
        const file = join(entry.parentPath, entry.name)
        const path = file.slice(folder.length)
        if (entry.isSymbolicLink()) return [[path, `-> ${readlinkSync(file)}`]]
        return entry.isFile() ? [[path, new Uint8Array(readFileSync(file))]] : []
      }),
    )
  } finally {
    rmSync(folder, {recursive: true, force: true})
  }
}
