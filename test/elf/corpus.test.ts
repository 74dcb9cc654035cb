import {readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {hardening} from '../../src/elf/hardening.js'
import {originOf} from '../../src/elf/origin.js'
import {readElf} from '../../src/elf/read.js'
import {isUnreadable} from '../../src/model/elf.js'
import type {Check} from '../../src/model/verdict.js'
import {shared} from '../support/shared.js'

/** A line of expected.ndjson: how the file was built. */
interface Expected {
  readonly file: string
  readonly arch: string
  readonly bits: 32 | 64
  readonly endian: 'le' | 'be'
  readonly machine: number
  readonly lang: string
  readonly libc: string
  readonly link: 'dynamic' | 'static' | 'static-pie' | 'shared'
  readonly pie: 'pie' | 'no' | 'dso'
  readonly relro: 'none' | 'partial' | 'full' | 'static'
  readonly nx: boolean
  readonly canary_own: boolean
  readonly fortify_own: readonly string[]
  readonly rpath: string | null
  readonly runpath: string | null
  readonly needed?: readonly string[]
  readonly symtab: boolean
  readonly section_headers: boolean
  readonly df_1_pie: boolean
  readonly interp: boolean
}

const folder = shared('corpus/elf')
const cases: readonly Expected[] =
  folder === null
    ? []
    : readFileSync(`${folder}/expected.ndjson`, 'utf8')
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))

const types = {
  dynamic: {pie: 'pie', no: 'executable', dso: 'shared'},
  shared: {pie: 'shared', no: 'shared', dso: 'shared'},
  static: {pie: 'static', no: 'static', dso: 'static'},
  'static-pie': {pie: 'static-pie', no: 'static-pie', dso: 'static-pie'},
} as const
const pieVerdicts = {pie: 'yes', no: 'no', dso: 'not-applicable'} as const

/** Right, or honest: the two properties that a file may not hold. */
function isRightOrUnknown({verdict}: Check, expected: boolean): boolean {
  return verdict === 'unknown' || verdict === 'not-applicable' || verdict === (expected ? 'yes' : 'no')
}

describe.skipIf(cases.length === 0)('the corpus of known flags', () => {
  for (const expected of cases) {
    test(`${expected.file}: ${expected.arch} ${expected.libc} ${expected.link}`, () => {
      const elf = readElf(memorySource(readFileSync(`${folder}/${expected.file}`)), expected.file)
      const judged = hardening(elf)
      const dynamic = isUnreadable(elf.dynamic) ? null : elf.dynamic
      expect({
        class: elf.header.class,
        endian: elf.header.endian,
        machine: elf.header.machineCode,
        name: elf.header.machine,
        type: elf.type,
        pie: judged.pie.verdict,
        relro: judged.relro.value ?? judged.relro.verdict,
        nx: judged.nx.verdict,
        rpath: dynamic?.rpath?.join(':') ?? null,
        runpath: dynamic?.runpath?.join(':') ?? null,
        needed: dynamic?.needed ?? [],
        sections: !isUnreadable(elf.sections) && elf.sections.length > 0,
        symtab: elf.staticSymbols() !== null,
        pieFlag: dynamic !== null && (dynamic.flags1 & 0x0800_0000) !== 0,
        interpreter: elf.interpreter !== null,
        warnings: elf.warnings,
        ...originOf(elf),
      }).toMatchObject({
        class: expected.bits,
        endian: expected.endian === 'le' ? 'little' : 'big',
        machine: expected.machine,
        name: expected.arch,
        type: types[expected.link][expected.pie],
        pie: pieVerdicts[expected.pie],
        relro: expected.relro === 'static' ? 'not-applicable' : expected.relro,
        nx: expected.nx ? 'yes' : 'no',
        rpath: expected.rpath,
        runpath: expected.runpath,
        needed: expected.needed ?? [],
        sections: expected.section_headers,
        symtab: expected.symtab,
        pieFlag: expected.df_1_pie,
        interpreter: expected.interp,
        warnings: [],
        language: expected.lang,
        libc: expected.libc,
      })
      expect(judged.stackProtector).toSatisfy((check: Check) => isRightOrUnknown(check, expected.canary_own))
      expect(judged.fortify).toSatisfy((check: Check) => isRightOrUnknown(check, expected.fortify_own.length > 0))
    })
  }

  test('the stack protector is told of nearly all', () => {
    const unknown = cases.filter(({file}) => {
      const elf = readElf(memorySource(readFileSync(`${folder}/${file}`)), file)
      return hardening(elf).stackProtector.verdict === 'unknown'
    })
    expect(unknown.map(({file}) => file)).toEqual([])
  })
})
