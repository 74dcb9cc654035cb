import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {
  type LoaderRoot,
  libraryOf,
  listedExports,
  MuslLoader,
  type MuslMachine,
  modelFile,
  muslMachines,
  readObjectFrom,
} from '../../src/musl/index.js'
import {dynamicOf, R, rootOf, type Tree} from '../support/elf-dynamic.js'
import {interpreter, summary, verdictOf} from './loader-cases.js'

const names = (count: number, name: (index: number) => string) => Array.from({length: count}, (_, index) => name(index))
/** Measures this process alone: the machine may be busy. */
const within = (milliseconds: number, work: () => void) => {
  const start = process.cpuUsage()
  work()
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(milliseconds)
}

/** Bad input of every kind ends, and soon. */
describe('bounds', () => {
  test('10,000 libraries that are not there', () => {
    const files = {'/bin/p': dynamicOf({interpreter, needed: names(10_000, index => `lib${index}.so`)})}
    within(2_000, () => expect(verdictOf({files}).missingLibraries).toHaveLength(10_000))
  })

  test('one library needed 10,000 times', () => {
    const needed = names(10_000, () => 'liba.so')
    expect(summary(verdictOf({files: {'/bin/p': dynamicOf({interpreter, needed})}}))).toBe(
      'missing_library, liba.so missing (bin/p)',
    )
  })

  test('4,096 libraries, each needing the next', () => {
    const files: Record<string, Uint8Array> = {'/bin/p': dynamicOf({interpreter, needed: ['lib0.so']})}
    for (let level = 0; level < 4096; level++) {
      const runpath = level % 100 === 0 ? {runpath: `/own/${level}`} : {}
      files[`/lib/lib${level}.so`] = dynamicOf({needed: [`lib${level + 1}.so`], uses: [['a', R.call]], ...runpath})
    }
    files['/lib/lib4096.so'] = dynamicOf({defines: ['a']})
    within(10_000, () => {
      const verdict = verdictOf({files})
      expect([verdict.verdict, verdict.closure.length]).toEqual(['loads', 4098])
    })
  })

  test('libraries that need each other, themselves and the program', () => {
    const files = {
      '/bin/p': dynamicOf({interpreter, needed: ['liba.so'], runpath: '/bin', uses: [['nowhere', R.call]]}),
      '/lib/liba.so': dynamicOf({needed: ['liba.so', 'libb.so', 'p']}),
      '/lib/libb.so': dynamicOf({needed: ['liba.so', 'libb.so']}),
    }
    expect(summary(verdictOf({files}))).toBe('symbol_not_found, nowhere (bin/p)')
  })

  test('a run path of 5,000 folders is searched, and 5,000 names in it are refused', () => {
    const runpath = names(5_000, index => `/${index}`).join(':')
    const one = {'/bin/p': dynamicOf({interpreter, needed: ['liba.so'], runpath})}
    expect(summary(verdictOf({files: one}))).toBe('missing_library, liba.so missing (bin/p)')
    const many = {'/bin/p': dynamicOf({interpreter, needed: names(5_000, index => `lib${index}.so`), runpath})}
    expect(() => verdictOf({files: many})).toThrow(/would take more than 1000000 paths/)
  })
})

/** A table in a file may say anything. */
test('whatever bytes a library has, there is a verdict', () => {
  const good = dynamicOf({defines: ['a', 'b'], uses: [['printf', R.call]], needed: ['libc.so'], runpath: '$ORIGIN'})
  const program = dynamicOf({
    interpreter,
    needed: ['libc.so', 'liba.so'],
    uses: [
      ['a', R.call],
      ['b', R.got],
    ],
  })
  const changes = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), {minLength: 1, maxLength: 12})
  fc.assert(
    fc.property(changes, fc.nat(good.length), (changes, length) => {
      const bytes = good.slice(0, length < 100 ? good.length : length)
      for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte
      const {verdict} = verdictOf({files: {'/bin/p': program, '/lib/liba.so': bytes}})
      expect(['loads', 'missing_library', 'symbol_not_found', 'unsupported_relocation']).toContain(verdict)
      verdictOf({files: {'/bin/p': bytes}})
    }),
    {numRuns: 500},
  )
})

const machine = muslMachines.find(({name}) => name === 'x86_64') as MuslMachine
const musl = {version: [1, 2, 5], exports: listedExports(new Set(['printf', '__libc_start_main', 'stdin']))} as const
const symbols = ['a', 'b', 'c', 'd', 'printf']

/** Some libraries and programs that need each other at random. */
const graphs = fc.integer({min: 1, max: 8}).chain(count =>
  fc.array(
    fc.record({
      program: fc.boolean(),
      needed: fc.array(fc.constantFrom('libc.so', ...names(count + 1, index => `lib${index}.so`)), {maxLength: 4}),
      runpath: fc.option(fc.constantFrom('$ORIGIN', '/lib', '/own'), {nil: undefined}),
      defines: fc.uniqueArray(fc.constantFrom(...symbols), {maxLength: 3}),
      uses: fc.array(fc.tuple(fc.constantFrom(...symbols), fc.constantFrom(R.call, R.got, R.word, R.copy)), {
        maxLength: 4,
      }),
      folder: fc.constantFrom('/lib', '/own'),
    }),
    {minLength: count, maxLength: count},
  ),
)

test('a verdict does not depend on what was judged before', () => {
  fc.assert(
    fc.property(graphs, fc.infiniteStream(fc.nat()), (objects, random) => {
      const files: Tree = Object.fromEntries(
        objects.map(({folder, program, runpath, ...spec}, index) => [
          `${folder}/lib${index}.so`,
          dynamicOf({...spec, ...(program && {interpreter}), ...(runpath !== undefined && {runpath})}),
        ]),
      )
      const paths = Object.keys(files)
      const alone = new Map(paths.map(path => [path, JSON.stringify(newLoader(files).judge(path))]))
      const shared = newLoader(files)
      for (const pick of [...random.take(3 * paths.length)]) {
        const path = paths[pick % paths.length] as string
        expect(JSON.stringify(shared.judge(path))).toBe(alone.get(path))
      }
    }),
    {numRuns: 200},
  )
})

function newLoader(files: Tree): MuslLoader {
  const root = rootOf(files)
  const withMusl: LoaderRoot = {
    open: path => (path === interpreter ? modelFile(path, libraryOf('x86_64', musl.exports)) : root.open(path)),
  }
  return new MuslLoader(withMusl, {machine, musl})
}

test('an object keeps nothing of the file but its tables', () => {
  const bytes = dynamicOf({defines: ['a'], uses: [['printf', R.call]]})
  const object = readObjectFrom(memorySource(bytes), 'liba.so')
  const name = object?.references.map(({symbol}) => object.nameOf(symbol))[0]
  bytes.fill(0)
  expect(name?.text).toBe('printf')
})
