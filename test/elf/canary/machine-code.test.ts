import {expect, test} from 'vitest'
import {memorySource} from '../../../src/bytes/source.js'
import {machineCode} from '../../../src/elf/canary/index.js'
import {readHeader} from '../../../src/elf/header.js'
import {elfOf} from '../../support/elf.js'

/** Instructions as objdump prints them for code that GCC made, in the order of the bytes in the file. */
interface Architecture {
  readonly machine: number
  readonly bits?: 32 | 64
  readonly little?: boolean
  /** Reads or compares the guard; null where that cannot be told from the code. */
  readonly guard: string | null
  /** Makes the address of a stack variable. */
  readonly variable: string
  /** Stands before it: where a frame register is used, what makes it one. */
  readonly before?: string
  /** Looks similar and is neither. */
  readonly neither: string
}

const architectures: Record<string, Architecture> = {
  'x86-64': {
    machine: 62,
    guard: '64488b042528000000', // mov %fs:0x28,%rax
    variable: '488d7c2410', // lea 0x10(%rsp),%rdi
    neither: '6448890425280000004883ec104c8d542408488d6424f84889e5', // store to %fs:0x28; sub; DRAP; lea to %rsp; mov to %rbp
  },
  'x86-64 at the end of a function': {
    machine: 62,
    guard: '64482b142528000000', // sub %fs:0x28,%rdx
    variable: '4989e0', // mov %rsp,%r8
    neither: '64488b04252000000048897c2410', // mov %fs:0x20; mov %rdi,0x10(%rsp)
  },
  'x86-64 with a frame pointer': {
    machine: 62,
    guard: '644833042528000000', // xor %fs:0x28,%rax
    before: '554889e5', // push %rbp; mov %rsp,%rbp
    variable: '488d45e0', // lea -0x20(%rbp),%rax
    neither: '488d4510488b45e0', // lea 0x10(%rbp),%rax: an argument, or a field; mov -0x20(%rbp),%rax
  },
  x32: {machine: 62, bits: 32, guard: '648b042518000000', variable: '488d7c2410', neither: '64488b042528000000'},
  i386: {
    machine: 3,
    bits: 32,
    guard: '65a114000000', // mov %gs:0x14,%eax
    variable: '8d742418', // lea 0x18(%esp),%esi
    neither: '8d4c240483e4f0658b0d10000000', // lea 0x4(%esp),%ecx; and; mov %gs:0x10,%ecx
  },
  'i386 at the end of a function': {
    machine: 3,
    bits: 32,
    guard: '652b1514000000', // sub %gs:0x14,%edx
    before: '5589e5', // push %ebp; mov %esp,%ebp
    variable: '8d45d8', // lea -0x28(%ebp),%eax
    neither: '8d65f88d4508', // lea -0x8(%ebp),%esp; lea 0x8(%ebp),%eax
  },
  aarch64: {
    machine: 183,
    guard: '630002eb020080d261000054', // subs x3,x3,x2; mov x2,#0; b.ne
    variable: 'e2630091', // add x2,sp,#0x18
    neither: 'fd030091ff830091630002eb61000054', // mov x29,sp; add sp,sp,#0x20; subs; b.ne
  },
  'arm, Thumb': {
    machine: 40,
    bits: 32,
    guard: '5a404ff0000301d1', // eors r2,r3; mov.w r3,#0; bne
    variable: '93b001ab', // sub sp,#76; add r3,sp,#4
    neither: '01ab93b0144b5a40', // the same the other way round: a constant; ldr; eors
  },
  'arm, ARM': {
    machine: 40,
    bits: 32,
    guard: '033032e00030a0e30100001a', // eors r3,r2,r3; mov r3,#0; bne
    variable: '04008de2', // add r0,sp,#4
    neither: '0cb08de210d08de2', // add fp,sp,#12; add sp,sp,#16
  },
  riscv64: {
    machine: 243,
    guard: 'b98f014791e3', // xor a5,a5,a4; li a4,0; bnez a5
    variable: '3c00', // addi a5,sp,8
    neither: '2571a2e80008b98f', // addi sp,sp,-96; sd s0,80(sp); addi s0,sp,16; xor
  },
  ppc64le: {
    machine: 21,
    guard: 'f08f4de9', // ld r10,-28688(r13)
    variable: '28002139', // addi r9,r1,40
    neither: '70002138e88f2de9', // addi r1,r1,112; ld r9,-28696(r13)
  },
  s390x: {
    machine: 22,
    little: false,
    guard: 'd507f0e0b028', // clc 224(8,%r15),40(%r11)
    variable: '4120f0a0', // la %r2,160(%r15)
    neither: 'b9040012d507f0e0b020e3f0ff18ff71', // lgr; clc with 32(%r11); lay %r15
  },
  loongarch64: {
    machine: 258,
    guard: null,
    variable: '6440c002', // addi.d $a0,$sp,16
    neither: '6300c0027640c002', // addi.d $sp,$sp,0; addi.d $fp,$sp,16
  },
  mips64el: {
    machine: 8,
    guard: null,
    variable: '1000a467', // daddiu $a0,$sp,16
    neither: 'e0ffbd671000be67', // daddiu $sp,$sp,-32; daddiu $fp,$sp,16
  },
}

for (const [name, {machine, bits = 64, little = true, guard, variable, before = '', neither}] of Object.entries(
  architectures,
)) {
  const known = machineCode(readHeader(memorySource(elfOf({machine, bits, little}).bytes), 'x'))
  if (known === null) throw new Error(name)
  const code = (hex: string) => ({bytes: Uint8Array.from(Buffer.from(hex, 'hex')), little})
  const padding = '0'.repeat(16)

  test.skipIf(guard === null)(`${name}: finds the guard`, () => {
    expect(known.findGuard(code(padding + guard + padding))).toBe(8)
  })
  test(`${name}: finds the address of a stack variable`, () => {
    const at = known.findStackAddress(code(padding + before + variable + padding))
    expect([8, 10]).toContain(at - before.length / 2)
  })
  test(`${name}: what looks similar is neither`, () => {
    expect([known.findGuard(code(neither + padding)), known.findStackAddress(code(neither + padding))]).toEqual([
      -1, -1,
    ])
  })
  test.skipIf(guard === null)(`${name}: a guard that is cut off is none`, () => {
    for (let length = 0; length < (guard ?? '').length / 2; length++) {
      expect(known.findGuard(code((guard ?? '').slice(0, 2 * length)))).toBe(-1)
    }
  })
}

/** Code that GCC and clang make with -fstack-protector-strong, and protect not. */
const unprotected: Record<string, readonly [machine: number, little: boolean, code: string]> = {
  // mov %edi,0x1c(%rsp); lea 0x1c(%rsp),%rdi
  'x86-64: the address of a parameter': [62, true, '4883ec20897c241c488d7c241c'],
  // mov %rdi,-0x18(%rbp); lea -0x18(%rbp),%rax
  'x86-64: the address of a parameter, -O0': [62, true, '554889e548897de8488d45e8'],
  // sub $0x8,%rsp; lea 0x10(%rsp),%rdi
  'x86-64: the address of a parameter on the stack': [62, true, '4883ec08488d7c2410'],
  // lea -0x3(%rbp),%rcx with no frame
  'x86-64: a distance from a register that is no frame': [62, true, '31c0488d4dfd'],
  // push %rbp; mov %rsp,%rbp; pop %rbp; ret; lea -0x20(%rbp),%rdx
  'x86-64: a distance from the frame of a function before': [62, true, '554889e55dc3488d55e0'],
  // mov %rsp,%rdi; mov $0x6,%ecx; rep movsq
  'x86-64: a structure that is passed by value': [62, true, '4889e7b906000000f348a5'],
  // sub $0xc,%esp; lea 0x14(%esp),%eax
  'i386: the first of variable arguments': [3, true, '83ec0c8d442414'],
  // lea -0x8(%ebp),%esi with no frame
  'i386: a distance from a register that is no frame': [3, true, '31c08d75f8'],
  // str w0,[sp,#12]; add x0,sp,#0xc
  'aarch64: the address of a parameter': [183, true, 'e00f00b9e0330091'],
  // stp x2,x1,[sp,#16]; add x0,sp,#0x18
  'aarch64: the address of one of two parameters': [183, true, 'e20701a9e0630091'],
  // sd a0,8(sp); addi a0,sp,8 (c.addi4spn)
  'riscv64: the address of a parameter': [243, true, '2ae42800'],
  // addi a5,s0,-32 with no frame
  'riscv64: a distance from a register that is no frame': [243, true, '930704fe'],
  // stdu r1,-48(r1); addi r5,r1,88
  'ppc64le: the first of variable arguments': [21, true, 'd1ff21f85800a138'],
  // addi r10,r1,48; mr r21,r31; stfiwx f0,0,r10
  'ppc64le: a number on its way through the stack': [21, true, '3000413978fbf57fae57007c'],
  // stg %r2,160(%r15); la %r2,160(%r15)
  's390x: the address of a parameter': [22, false, 'e320f0a000244120f0a0'],
  // lay %r15,-160(%r15); la %r2,336(%r15)
  's390x: the address of a parameter on the stack': [22, false, 'e3f0ff60ff714120f150'],
  // sub sp,#20; strd r1,r0,[sp,#8]; add r0,sp,#12
  'arm: the address of one of two parameters': [40, true, '85b0cde9021003a8'],
  // la %r10,1024(%r11) with no frame
  's390x: a distance from a register that is no frame': [22, false, '41a0b400'],
  // addiu $sp,$sp,-32; addiu $a0,$sp,32
  'mips: the address of a parameter': [8, true, 'e0ffbd272000a427'],
}

for (const [name, [machine, little, hex]] of Object.entries(unprotected)) {
  test(`${name} needs no guard`, () => {
    const known = machineCode(
      readHeader(memorySource(elfOf({machine, bits: machine === 3 || machine === 40 ? 32 : 64, little}).bytes), 'x'),
    )
    const bytes = Uint8Array.from(Buffer.from(`${hex}${'0'.repeat(32)}`, 'hex'))
    expect(known?.findStackAddress({bytes, little})).toBe(-1)
  })
}

test('an architecture that is not looked into', () => {
  expect(machineCode(readHeader(memorySource(elfOf({machine: 0xfeed}).bytes), 'x'))).toBeNull()
})
