import {spawnSync} from 'node:child_process'
import {existsSync} from 'node:fs'
import {beforeAll, describe, expect, test} from 'vitest'
import {hardening} from '../../src/elf/hardening.js'
import {readElf} from '../../src/elf/read.js'
import {type ElfFacts, type Hardening, isUnreadable} from '../../src/model/elf.js'
import {elfFilesIn, withFile} from '../support/elf-files.js'
import {hasTool, type Readelf, readelf} from '../support/readelf.js'

/** What piton says of one file, in the words of the others. */
interface Ours {
  readonly elf: ElfFacts
  readonly hardening: Hardening
  readonly symbols: number | null
  readonly buildID: string | null
}

const folders = ['/usr/bin', '/usr/lib'].filter(folder => existsSync(folder))
const paths = hasTool('readelf') ? folders.flatMap(elfFilesIn) : []
const ours = new Map<string, Ours>()
let theirs: ReadonlyMap<string, Readelf> = new Map()

beforeAll(() => {
  theirs = readelf(paths)
  for (const path of paths) {
    ours.set(
      path,
      withFile(path, source => {
        const elf = readElf(source, path)
        const [symbols, notes] = [elf.symbols(), elf.notes()]
        return {
          elf,
          hardening: hardening(elf),
          symbols: isUnreadable(symbols) ? -1 : (symbols?.count ?? null),
          buildID: isUnreadable(notes) ? 'unreadable' : notes.buildID,
        }
      }),
    )
  }
})

/** Files about which the two do not say the same. */
function differences<T>(ask: (ours: Ours) => T, askReadelf: (theirs: Readelf) => T, matters = (_: Ours) => true) {
  return paths.flatMap(path => {
    const [mine, peer] = [ours.get(path), theirs.get(path)]
    if (mine === undefined || peer === undefined || !matters(mine)) return []
    const [a, b] = [JSON.stringify(ask(mine)), JSON.stringify(askReadelf(peer))]
    return a === b ? [] : [`${path}: piton ${a}, readelf ${b}`]
  })
}

/** A file of debugging information keeps the program headers of the file that it was taken from, and nothing of their bytes. */
const hasBytes = ({elf}: Ours) => elf.type !== 'debug'
const dynamicOf = ({elf}: Ours) => (isUnreadable(elf.dynamic) ? null : elf.dynamic)
const eTypes = ['NONE', 'REL', 'EXEC', 'DYN', 'CORE']

describe.skipIf(paths.length === 0)('readelf agrees on', () => {
  test('the number of files', () => expect(theirs.size).toBe(paths.length))
  test('type', () =>
    expect(
      differences(
        o => eTypes[o.elf.header.type],
        r => r.type,
      ),
    ).toEqual([]))
  test('interpreter', () =>
    expect(
      differences(
        o => o.elf.interpreter,
        r => r.interpreter,
        hasBytes,
      ),
    ).toEqual([]))
  test('needed', () =>
    expect(
      differences(
        o => dynamicOf(o)?.needed ?? [],
        r => r.needed,
      ),
    ).toEqual([]))
  test('soname', () =>
    expect(
      differences(
        o => dynamicOf(o)?.soname ?? null,
        r => r.soname,
      ),
    ).toEqual([]))
  test('rpath', () =>
    expect(
      differences(
        o => dynamicOf(o)?.rpath?.join(':') ?? null,
        r => r.rpath,
      ),
    ).toEqual([]))
  test('runpath', () =>
    expect(
      differences(
        o => dynamicOf(o)?.runpath?.join(':') ?? null,
        r => r.runpath,
      ),
    ).toEqual([]))
  test('build id', () =>
    expect(
      differences(
        o => o.buildID,
        r => r.buildID,
        o => hasBytes(o) && o.elf.header.type !== 1,
      ),
    ).toEqual([]))
  test('number of dynamic symbols', () => {
    expect(
      differences(
        o => o.symbols,
        r => r.symbols,
        o => o.symbols !== null,
      ),
    ).toEqual([])
  })
  test('RELRO', () => {
    const judged = (o: Ours) => o.hardening.relro.verdict !== 'not-applicable'
    expect(
      differences(
        o => o.hardening.relro.value,
        r => r.relro,
        judged,
      ),
    ).toEqual([])
  })
  test('a stack that is not executable', () => {
    const judged = (o: Ours) => o.hardening.nx.verdict !== 'not-applicable'
    expect(
      differences(
        o => o.hardening.nx.verdict === 'no',
        r => r.stack?.includes('E') ?? true,
        judged,
      ),
    ).toEqual([])
  })
  test('text relocations', () => {
    expect(
      differences(
        o => o.hardening.textRelocations.verdict === 'no',
        r => r.textRelocations,
      ),
    ).toEqual([])
  })
})

/** scanelf prints a line a file: type, interpreter, run path, needed, soname, and the file. */
function scanelf(): ReadonlyMap<string, readonly string[]> {
  const {stdout} = spawnSync('scanelf', ['-qRBF', '%o;%i;%r;%n;%S;%F', ...folders], {
    encoding: 'latin1',
    maxBuffer: 2 ** 30,
  })
  return new Map(
    stdout.split('\n').flatMap(line => {
      const fields = line.trim().split(';')
      return fields.length === 6 ? [[fields[5] ?? '', fields.slice(0, 5)] as const] : []
    }),
  )
}

describe.skipIf(paths.length === 0 || !hasTool('scanelf', '-V'))('scanelf agrees on', () => {
  test('type, interpreter, run path, needed and soname', () => {
    const lines = scanelf()
    const compared = paths.filter(path => lines.has(path) && hasBytes(ours.get(path) as Ours))
    expect(compared.length).toBeGreaterThan(0)
    const different = compared.flatMap(path => {
      const mine = ours.get(path) as Ours
      const dynamic = dynamicOf(mine)
      const runPath = (dynamic?.runpath ?? dynamic?.rpath ?? null)?.join(':')
      const own = [
        `ET_${eTypes[mine.elf.header.type]}`,
        typeof mine.elf.interpreter === 'string' ? mine.elf.interpreter : '',
        runPath ?? '',
        dynamic?.needed.join(',') ?? '',
        dynamic?.soname ?? '',
      ]
      const [a, b] = [own.join(';'), (lines.get(path) ?? []).map(field => field.trim().replace(/^-$/, '')).join(';')]
      return a === b ? [] : [`${path}: piton ${a}, scanelf ${b}`]
    })
    expect(different).toEqual([])
  })
})
