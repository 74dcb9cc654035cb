import {type CodeBytes, halfAt, type MachineCode, matches, wordAt} from './machine-code.js'

/** RISC-V: instructions of 2 or 4 bytes. The guard is a global variable; $sp is x2, the frame x8. */
export const riscv: MachineCode = {
  fixedGuard: false,
  // c.xor rD, rS; c.li rS, 0; c.bnez: the guard must not stay in a register.
  findGuard: (code, from = 0) =>
    walk(code, from, riscvLength, at => {
      const half = halfAt(code, at)
      if (!matches(half, 0xfc63, 0x8c21)) return false
      const cleared = 8 + ((half >> 2) & 7)
      return halfAt(code, at + 2) === (0x4001 | (cleared << 7)) && matches(halfAt(code, at + 4), 0xe003, 0xe001)
    }),
  findStackAddress: (code, from = 0) =>
    walk(code, from, riscvLength, at => {
      const half = halfAt(code, at)
      // c.addi4spn rD, imm, with x8 as the first of its eight registers
      if ((half & 3) === 0) return matches(half, 0xe003, 0) && half !== 0 && ((half >> 2) & 7) !== 0
      if ((half & 3) !== 3) return matches(half, 0xf07f, 0x800a) && ((half >> 7) & 31) !== 8 // c.mv rD, sp
      const word = wordAt(code, at)
      const [target, immediate] = [(word >>> 7) & 31, word >> 20]
      if (matches(word, 0xff07f, 0x10013)) return target !== 2 && target !== 8 // addi rD, sp, imm
      // addi rD, s0, -imm, as -O0 does; a loop counter goes down by less
      return matches(word, 0xff07f, 0x40013) && target !== 2 && target !== 8 && immediate <= -16
    }),
}

function riscvLength(code: CodeBytes, at: number): number {
  return (halfAt(code, at) & 3) === 3 ? 4 : 2
}

/** s390x: 2, 4 or 6 bytes. The guard is at 40 of the thread's block; $sp is r15, the frame r11. */
export const s390x: MachineCode = {
  fixedGuard: true,
  // mvc or clc D(8,%r15), 40(%rX)
  findGuard: (code, from = 0) =>
    walk(code, from, s390Length, at => {
      const opcode = code.bytes[at]
      if ((opcode !== 0xd2 && opcode !== 0xd5) || code.bytes[at + 1] !== 7) return false
      const base = high(code, at + 2)
      const onStack = base === 15 || base === 11
      return onStack && low(code, at + 4) === 0 && high(code, at + 4) !== base && code.bytes[at + 5] === 40
    }),
  // la or lay rD, D(%r15), behind the save area of 160 bytes; aghik rD, %r15, imm
  findStackAddress: (code, from = 0) =>
    walk(code, from, s390Length, at => {
      const opcode = code.bytes[at]
      if (opcode !== 0x41 && opcode !== 0xe3 && opcode !== 0xec) return false
      const [target, index, base] = [high(code, at + 1), low(code, at + 1), high(code, at + 2)]
      if (target === 15) return false
      const displacement = halfAt(code, at + 2) & 0xfff
      if (opcode === 0x41) return index === 0 && (base === 15 || base === 11) && displacement >= 160
      const last = code.bytes[at + 5]
      const short = code.bytes[at + 4] === 0
      if (opcode === 0xe3) return last === 0x71 && index === 0 && base === 15 && short && displacement >= 160
      return last === 0xd9 && index === 15 && short && halfAt(code, at + 2) >= 160 && halfAt(code, at + 2) < 0x8000
    }),
}

function high({bytes}: CodeBytes, at: number): number {
  return (bytes[at] ?? 0) >> 4
}

function low({bytes}: CodeBytes, at: number): number {
  return (bytes[at] ?? 0) & 15
}

function s390Length({bytes}: CodeBytes, at: number): number {
  const kind = (bytes[at] ?? 0) >> 6
  return kind === 0 ? 2 : kind === 3 ? 6 : 4
}

/** Goes from instruction to instruction; the offset of the first that `is` accepts, or -1. */
function walk(
  code: CodeBytes,
  from: number,
  length: (code: CodeBytes, at: number) => number,
  is: (at: number) => boolean,
): number {
  for (let at = (from + 1) & ~1; at + 2 <= code.bytes.length; at += length(code, at)) if (is(at)) return at
  return -1
}
