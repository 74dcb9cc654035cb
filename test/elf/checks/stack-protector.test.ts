import {expect, test} from 'vitest'
import {memorySource} from '../../../src/bytes/source.js'
import {checkStackProtector} from '../../../src/elf/checks/stack-protector.js'
import {readElf} from '../../../src/elf/read.js'
import type {Check, Verdict} from '../../../src/model/verdict.js'
import {type Collector, mergeLayers} from '../../../src/rootfs/index.js'
import {walkNodes} from '../../../src/rootfs/merge.js'
import {openSource} from '../../../src/source/index.js'
import type {FramesSpec} from '../../support/eh-frame.js'
import {type ElfSpec, elfOf, noteOf} from '../../support/elf.js'
import {shared} from '../../support/shared.js'

const judge = (spec: ElfSpec) => checkStackProtector(readElf(memorySource(elfOf(spec).bytes), 'x'))
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))

/** The start code is left out of the search: what is looked at begins behind it. */
const start = '90'.repeat(64)
const guard = '64488b042528000000' // mov %fs:0x28,%rax
const variable = '488d7c2410' // lea 0x10(%rsp),%rdi
const code = (text: string) => hex(`${start}${text}c3`)
const imports = (...names: string[]) => names.map(name => ({name}))

const dynamic: [name: string, spec: ElfSpec, verdict: Verdict, evidence: string][] = [
  ['imports __stack_chk_fail', {symbols: imports('__stack_chk_fail')}, 'yes', 'imports __stack_chk_fail'],
  [
    'imports __stack_chk_guard',
    {symbols: imports('__stack_chk_guard'), machine: 183},
    'yes',
    'imports __stack_chk_guard',
  ],
  ['imports of OpenBSD', {symbols: imports('__stack_smash_handler')}, 'yes', 'imports __stack_smash_handler'],
  ['reads the guard and never returns', {code: code(guard + variable)}, 'yes', 'reads the stack guard at'],
  ['a stack variable without a guard', {code: code(variable)}, 'no', 'takes the address of a stack variable at'],
  ['no stack variable', {code: code('31c0')}, 'unknown', 'there may be nothing to protect'],
  ['a stack variable of the start code only', {code: hex(variable)}, 'unknown', 'there may be nothing to protect'],
  ['Rust', {code: code(variable), symbols: imports('rust_eh_personality')}, 'unknown', 'rust code'],
  ['Go', {code: code(variable), notes: noteOf('Go', 4, [0x61])}, 'not-applicable', 'Go code'],
  ['no code', {loadFlags: 4}, 'not-applicable', 'holds no code'],
  ['a machine that is not looked into', {code: code(variable), machine: 43}, 'unknown', 'sparc64'],
  [
    'the library that defines it',
    {code: code(variable), symbols: [{name: '__stack_chk_fail', section: 4, value: 1}]},
    'unknown',
    'defines __stack_chk_fail',
  ],
]
for (const [name, spec, verdict, evidence] of dynamic) {
  test(`dynamic, ${name}: ${verdict}`, () => {
    expect(judge(spec)).toMatchObject({verdict, evidence: expect.stringContaining(evidence)})
  })
}

/** A function that takes an address, behind the start code, and one that does not; each may have unwind information. */
const taking = [64, 6] as const
const other = [70, 600] as const
const both = code(`${variable}c3${'90'.repeat(600)}`)
/** With one exported function; its value is known once the file was built with another. */
const exported = (spec: ElfSpec, [start]: readonly [number, number]): ElfSpec => {
  const symbol = (value: number) => ({name: 'f', section: 4, value})
  const at = elfOf({...spec, symbols: [symbol(0)]}).at.get('code') ?? 0
  return {...spec, symbols: [symbol(at + start)]}
}
const library = {interpreter: null, code: both}

const assembly: [name: string, spec: ElfSpec, verdict: Verdict, evidence: string][] = [
  [
    'most functions have it',
    {code: both, frames: {functions: [other]}},
    'unknown',
    'only code without unwind information',
  ],
  ['all have it', {code: both, frames: {functions: [taking, other]}}, 'no', 'takes the address of a stack variable at'],
  ['the one that takes has it', {code: both, frames: {functions: [taking]}}, 'no', 'takes the address'],
  [
    'start files have it',
    {
      code: code(`${variable}c3${'90'.repeat(240)}`),
      frames: {
        functions: [
          [0, 64],
          [70, 240],
        ],
      },
    },
    'no',
    'takes the address',
  ],
  [
    'the smaller part has it',
    {code: code(`${variable}c3${'90'.repeat(1200)}`), frames: {functions: [other]}},
    'no',
    'takes the address',
  ],
  [
    'an exported function has it',
    exported({...library, frames: {functions: [[80, 8]]}}, [80, 8]),
    'unknown',
    'only code without unwind information',
  ],
  [
    'an exported function has none',
    exported({...library, frames: {functions: [[80, 8]]}}, taking),
    'no',
    'takes the address',
  ],
  [
    'exported start code has it',
    exported({...library, frames: {functions: [[0, 64]]}}, [0, 64]),
    'no',
    'takes the address',
  ],
  ['it is for no function', {code: both, frames: {functions: []}}, 'no', 'takes the address'],
  [
    'it cannot be read',
    {code: both, frames: {functions: [other], encoding: 0x50}},
    'unknown',
    'numbers of encoding 0x50',
  ],
  ['Rust', {code: both, frames: {functions: [other]}, symbols: imports('rust_eh_personality')}, 'unknown', 'rust code'],
]
for (const [name, spec, verdict, evidence] of assembly) {
  test(`unwind information, ${name}: ${verdict}`, () => {
    expect(judge(spec)).toMatchObject({verdict, evidence: expect.stringContaining(evidence)})
  })
}

test('unwind information is read only where the verdict needs it', () => {
  const frames = {functions: [other], encoding: 0x50}
  for (const spec of [{symbols: imports('__stack_chk_fail')}, {code: code('31c0')}, {code: code(guard + variable)}]) {
    const elf = readElf(memorySource(elfOf({...spec, frames}).bytes), 'x')
    checkStackProtector(elf)
    expect(elf.warnings).toEqual([])
  }
})

const image = shared('corpus/images/multi.docker.tar')

test.skipIf(image === null)('padlock.so of OpenSSL 1.1 has stack variables in its assembly only', async () => {
  const checks: Collector<Check> = {
    name: 'padlock',
    wants: ({path}) => path === 'usr/lib/engines-1.1/padlock.so',
    limitBytes: 1 << 20,
    read: body => checkStackProtector(readElf(body, 'padlock.so')),
  }
  const opened = await openSource(image ?? '', {platform: null, verify: false})
  try {
    const view = await mergeLayers(opened, [checks], () => {})
    const found = [...walkNodes(view.root)].flatMap(({node}) =>
      node.type === 'file' ? (view.found(node, checks) ?? []) : [],
    )
    expect(found).toEqual([
      {verdict: 'unknown', evidence: expect.stringContaining('only code without unwind information, as at 0x')},
    ])
  } finally {
    opened.close()
  }
})

/**
 * A static program: `main` before `_start`, functions of its own behind it, then the C library: one function that
 * `__libc_start_main` calls, itself, and the rest.
 */
function staticProgram(parts: {
  main?: string
  own?: string
  before?: string
  library?: string
  frames?: FramesSpec
}): ElfSpec {
  const base = elfOf({type: 2, interpreter: null, dynamic: null, code: hex('c3')}).at.get('code') ?? 0
  const pieces: number[] = []
  const add = (text: string) => {
    const at = base + pieces.length
    pieces.push(...hex(text))
    while (pieces.length % 16 !== 0) pieces.push(0x90)
    return at
  }
  const number = (value: number) =>
    [0, 8, 16, 24].map(shift => ((value >> shift) & 255).toString(16).padStart(2, '0')).join('')
  const main = add(`${parts.main ?? '31c0'}c3`)
  const entry = base + pieces.length
  const own = hex(`${parts.own ?? '31c0'}c3`)
  const ownBytes = Math.ceil(own.length / 16) * 16
  const before = hex(`${parts.before ?? '31c0'}c3`)
  const beforeBytes = Math.ceil(before.length / 16) * 16
  const libraryStart = entry + 64 + ownBytes + beforeBytes
  // mov $main,%rdi; call __libc_start_main
  const startCode = `48c7c7${number(main)}e8${number(libraryStart - (entry + 12))}f4`
  add(startCode + '90'.repeat(64 - startCode.length / 2))
  add(Buffer.from(own).toString('hex'))
  const beforeAt = add(Buffer.from(before).toString('hex'))
  const at = base + pieces.length
  add(`e8${number(beforeAt - (at + 5))}${parts.library ?? ''}c3`)
  return {
    type: 2,
    interpreter: null,
    dynamic: null,
    code: Uint8Array.from(pieces),
    comment: 'GCC: (x) 13\0',
    entryOffset: entry - base,
    ...(parts.frames && {frames: parts.frames}),
  }
}

const fixed: [name: string, spec: ElfSpec, verdict: Verdict][] = [
  ['a guard in main', staticProgram({main: guard + variable, library: guard}), 'yes'],
  ['a guard in another function', staticProgram({own: guard, library: guard}), 'yes'],
  ['main without, another function with a guard', staticProgram({main: variable, own: guard}), 'unknown'],
  ['guards in the C library only', staticProgram({main: variable, library: guard}), 'no'],
  ['guards in what starts the C library', staticProgram({main: variable, before: guard}), 'no'],
  ['stack variables in the C library only', staticProgram({before: variable, library: variable}), 'unknown'],
  ['start code of another kind', {...staticProgram({main: variable}), entryOffset: 0}, 'unknown'],
  ['another architecture', {...staticProgram({main: variable}), machine: 183}, 'unknown'],
]
/** Where {@link staticProgram} puts its parts, if main is short. */
const [mainAt, ownAt] = [0, 80]
const long = '90'.repeat(600)
const described = (...functions: FramesSpec['functions']) => ({frames: {functions}})

fixed.push(
  ['main in assembly', staticProgram({main: variable, own: long, ...described([ownAt, 600])}), 'unknown'],
  [
    'main in assembly, a guard behind it',
    staticProgram({main: variable, own: long + guard, ...described([ownAt, 609])}),
    'unknown',
  ],
  [
    'main in assembly, a stack variable behind it',
    staticProgram({main: variable, own: long + variable, ...described([ownAt, 605])}),
    'no',
  ],
  [
    'main with unwind information',
    staticProgram({main: variable, own: long, ...described([mainAt, 6], [ownAt, 600])}),
    'no',
  ],
  [
    'unwind information in the C library only',
    staticProgram({main: variable, library: long, ...described([ownAt + 32, 600])}),
    'no',
  ],
)
for (const [name, spec, verdict] of fixed) {
  test(`static, ${name}: ${verdict}`, () => expect(judge(spec).verdict).toBe(verdict))
}

test('a guard in the start code is passed over once, not for ever', () => {
  for (const code of [guard, `90${guard}`, `65a114000000`]) {
    expect(judge({code: hex(`${code}c3`), machine: code.startsWith('65') ? 3 : 62}).verdict).toBe('unknown')
  }
})

/** As {@link staticProgram}, position independent, and then moved to `base`. */
function judgeAt(base: bigint): Verdict {
  const main = `${variable}c3`.padEnd(32, '90')
  // lea main(%rip),%rdi; call behind the start code and one function
  const start = `488d3d${little(-16 - 7)}e8${little(64 + 16 - 12)}f4`.padEnd(128, '90')
  const code = hex(`${main}${start}${'c3'.padEnd(32, '90')}${'c3'.padEnd(32, '90')}`)
  const {bytes, at} = elfOf({
    type: 2,
    interpreter: null,
    dynamic: null,
    comment: 'GCC: (x) 13\0',
    code,
    entryOffset: 16,
    sections: false,
  })
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const move = (offset: number) => view.setBigUint64(offset, view.getBigUint64(offset, true) + base, true)
  move(24)
  for (let header = 64; header < (at.get('code') ?? 0) && header < 64 + 7 * 56; header += 56)
    if (view.getUint32(header, true) === 1) move(header + 16)
  const elf = readElf(memorySource(bytes), 'x')
  return checkStackProtector(elf).verdict
}

const little = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes.toString('hex')
}

test('a static program far up in the address space is searched as any other', () => {
  const near = judgeAt(0n)
  for (const base of [0x8000_0000n, 1n << 40n]) expect(judgeAt(base)).toBe(near)
})

test('where addresses are no longer exact, a static program has no verdict', () => {
  for (const base of [1n << 53n, 1n << 60n, (1n << 64n) - 0x10000n]) expect(judgeAt(base)).toBe('unknown')
})
