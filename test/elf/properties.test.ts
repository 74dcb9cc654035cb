import {existsSync, readFileSync} from 'node:fs'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {hardening} from '../../src/elf/hardening.js'
import {originOf} from '../../src/elf/origin.js'
import {readElf} from '../../src/elf/read.js'
import {isUnreadable} from '../../src/model/elf.js'
import {PitonError} from '../../src/model/errors.js'
import {elfOf, noteOf} from '../support/elf.js'
import {shared} from '../support/shared.js'

/** Reads everything there is; returns, or refuses on purpose. */
function readAll(bytes: Uint8Array): void {
  try {
    const elf = readElf(memorySource(bytes), 'x')
    hardening(elf)
    originOf(elf)
    elf.relocations()
    elf.unwound()
    for (const table of [elf.symbols(), elf.staticSymbols()]) if (!isUnreadable(table)) table?.list()
    for (const {code, message} of elf.warnings) expect([code.slice(0, 4), message[0]]).toEqual(['ELF_', 'x'])
  } catch (error) {
    if (!(error instanceof PitonError)) throw error
  }
}

const small = elfOf({
  symbols: [{name: '__stack_chk_fail'}, {name: 'printf'}, {name: 'main', section: 4, value: 0x100}],
  needed: ['libc.so'],
  runpath: '/a:/b',
  versions: {
    indexes: [0, 2, 1, 3],
    needed: [{library: 'libc.so', versions: [[2, 'V_1']]}],
    defined: [[3, 'X_1']],
  },
  relocations: [{table: 'jmprel', symbol: 1, type: 7}],
  relr: [0x100, 7],
  notes: noteOf('GNU', 3, [1, 2, 3, 4]),
  comment: 'GCC: (x) 13\0',
  frames: {functions: [[0, 1]]},
}).bytes

const seeds: Record<string, Uint8Array> = {'a file built here': small}
for (const name of ['d000', 'd014', 'd030']) {
  const path = shared(`corpus/elf/bin/${name}`)
  if (path !== null) seeds[name] = readFileSync(path)
}
if (existsSync('/bin/true')) seeds['/bin/true'] = readFileSync('/bin/true')

/** Bytes to change: most of them where headers and tables are. */
const changes = (length: number) =>
  fc.array(
    fc.record({
      at: fc.oneof(fc.nat(Math.min(length, 1024) - 1), fc.nat(length - 1)),
      value: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)),
    }),
    {minLength: 1, maxLength: 24},
  )

for (const [name, bytes] of Object.entries(seeds)) {
  describe(name, () => {
    test('with bytes changed: returns or warns, in bounded time', () => {
      fc.assert(
        fc.property(changes(bytes.length), list => {
          const mutated = bytes.slice()
          for (const {at, value} of list) mutated[at] = value
          const began = performance.now()
          readAll(mutated)
          expect(performance.now() - began).toBeLessThan(2_000)
        }),
        {numRuns: 400},
      )
    })

    test('cut anywhere: returns or warns', () => {
      fc.assert(
        fc.property(fc.nat(bytes.length), length => readAll(bytes.subarray(0, length))),
        {numRuns: 200},
      )
    })
  })
}

test('any 32-bit number in place of any field of the headers and tables', () => {
  const numbers = [0, 1, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff]
  for (let at = 4; at + 4 <= small.length; at += 4) {
    for (const number of numbers) {
      const changed = small.slice()
      new DataView(changed.buffer).setUint32(at, number, true)
      readAll(changed)
    }
  }
})
