import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {hardening} from '../../src/elf/hardening.js'
import {isElf} from '../../src/elf/header.js'
import {originOf} from '../../src/elf/origin.js'
import {readElf} from '../../src/elf/read.js'
import {isUnreadable} from '../../src/model/elf.js'
import {PitonError} from '../../src/model/errors.js'
import {shared} from '../support/shared.js'

/** Everything that can be read of a file; an error where not even the header can. */
function readAll(bytes: Uint8Array, where: string) {
  const elf = readElf(memorySource(bytes), where)
  const [judged, origin, symbols] = [hardening(elf), originOf(elf), elf.symbols()]
  const list = isUnreadable(symbols) || symbols === null ? [] : symbols.list()
  const table = elf.staticSymbols()
  if (!isUnreadable(table)) table?.list()
  elf.relocations()
  elf.unwound()
  return {elf, judged, origin, symbols: list.map(({name}) => name)}
}

function refusal(bytes: Uint8Array, where: string): PitonError | null {
  try {
    readAll(bytes, where)
    return null
  } catch (error) {
    if (error instanceof PitonError) return error
    throw error
  }
}

const cases = shared('corpus/hostile/cases')

describe.skipIf(cases === null)('generated cases', () => {
  const read = (name: string) => readFileSync(join(cases ?? '', `elf-${name}`))
  const all = (name: string) => readAll(read(name), name)

  for (const name of ['good64', 'no-sections', 'extended-shnum', 'hash-cycle']) {
    test(`${name} is read without a warning`, () => {
      const {elf, judged, symbols} = all(name)
      expect(elf).toMatchObject({type: 'pie', dynamic: {needed: ['libc.musl-x86_64.so.1']}, warnings: []})
      expect(judged).toMatchObject({
        pie: {verdict: 'yes'},
        stackProtector: {verdict: 'yes'},
        relro: {value: 'full'},
        nx: {verdict: 'yes'},
      })
      expect(symbols).toEqual(['__stack_chk_fail', 'printf', 'memcpy', 'app_main'])
    })
  }

  for (const name of ['extended-shnum-lies', 'shentsize-0']) {
    test(`${name}: read by its segments, with a warning`, () => {
      const {elf, judged} = all(name)
      expect(elf.warnings).toHaveLength(1)
      expect(judged).toMatchObject({pie: {verdict: 'yes'}, stackProtector: {verdict: 'yes'}})
    })
  }

  test('sections-lie-canary: PT_DYNAMIC counts', () => {
    const {elf, judged, symbols} = all('sections-lie-canary')
    expect([symbols, judged.stackProtector.verdict, elf.warnings]).toEqual([['printf', 'app_main'], 'no', []])
  })

  test('st-name-huge: the other symbols are still read', () => {
    const {elf, judged, symbols} = all('st-name-huge')
    expect(symbols).toEqual(['', 'printf', 'memcpy', 'app_main'])
    expect([elf.warnings.length, judged.stackProtector.verdict]).toEqual([1, 'unknown'])
  })

  test('strsz-too-small: no name is invented', () => {
    const {elf, judged, symbols} = all('strsz-too-small')
    expect([symbols.join(''), elf.dynamic]).toMatchObject(['', {needed: [], unreadNames: 1}])
    expect(elf.warnings.length).toBeGreaterThan(0)
    expect(judged.stackProtector.verdict).toBe('unknown')
  })

  test('segment-out-of-range: what rests on PT_DYNAMIC is unknown', () => {
    const {elf, judged} = all('segment-out-of-range')
    expect(elf.warnings.length).toBeGreaterThan(0)
    expect(judged).toMatchObject({relro: {verdict: 'unknown'}, runPath: {verdict: 'unknown'}, nx: {verdict: 'yes'}})
  })

  test('phentsize-0: everything is unknown', () => {
    const {elf, judged} = all('phentsize-0')
    expect(elf.warnings).toMatchObject([{code: 'ELF_BAD_HEADER'}])
    expect(new Set(Object.values(judged).map(({verdict}) => verdict))).toEqual(new Set(['unknown']))
  })

  test('unknown-machine: named by its number', () => {
    expect(all('unknown-machine').elf.header.machine).toBe('0xfeed')
  })

  const truncated = cases === null ? [] : readdirSync(cases).filter(name => name.startsWith('elf-truncated-'))
  for (const name of truncated) {
    test(`${name.slice(4)}: refused before the end of the header, else warned of`, () => {
      const bytes = readFileSync(join(cases ?? '', name))
      if (bytes.length < 64)
        expect(refusal(bytes, name)?.code).toBe(bytes.length < 4 ? 'ELF_BAD_HEADER' : 'ELF_TRUNCATED')
      else {
        const {elf} = readAll(bytes, name)
        expect(elf.warnings).toContainEqual(expect.objectContaining({code: 'ELF_TRUNCATED', hides: true}))
      }
    })
  }
})

const real = shared('corpus/hostile/real')
const files = real === null ? [] : readdirSync(real).filter(name => isElf(readFileSync(join(real, name))))

describe.skipIf(files.length === 0)('malformed files of public test suites', () => {
  for (const name of files) {
    test(`${name.slice(0, 70)}: returns or refuses, in bounded time`, () => {
      const bytes = readFileSync(join(real ?? '', name))
      const began = performance.now()
      const error = refusal(bytes, name)
      expect(performance.now() - began).toBeLessThan(2_000)
      if (error === null) {
        const {elf, judged} = readAll(bytes, name)
        for (const warning of elf.warnings)
          expect(warning.message.startsWith(`${name}: `) || warning.message.startsWith(`${name}, `)).toBe(true)
        expect(Object.keys(judged)).toHaveLength(9)
      }
    })
  }
})
