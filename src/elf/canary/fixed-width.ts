import {findWord, type MachineCode, matches, wordAt} from './machine-code.js'

/** Registers that hold a frame rather than an argument, by architecture: setting them up is no address of a variable. */
const aarch64Frame = 29
const zero = 31

/** Sequences of GCC: the guard is a global variable, and only its comparison at the end of a function is distinctive. */
export const aarch64: MachineCode = {
  fixedGuard: false,
  // subs xA, xA, xB; mov xB, #0; b.ne: the guard must not stay in a register.
  findGuard: (code, from = 0) => {
    const little = {bytes: code.bytes, little: true} // instructions are little-endian in either byte order
    return findWord(little, from, (word, at) => {
      if (!matches(word, 0xffe0fc00, 0xeb000000)) return false
      const cleared = wordAt(little, at + 4) === (0xd2800000 | ((word >>> 16) & 31)) >>> 0
      return cleared && matches(wordAt(little, at + 8), 0xff00001f, 0x54000001)
    })
  },
  // add xD, sp, #imm and add or sub xD, x29, #imm
  findStackAddress: (code, from = 0) =>
    findWord({bytes: code.bytes, little: true}, from, word => {
      const target = word & 31
      if (target === aarch64Frame || target === zero) return false
      if (matches(word, 0xffc003e0, 0x910003e0)) return true
      return matches(word, 0xffc003e0, 0x910003a0) || matches(word, 0xffc003e0, 0xd10003a0)
    }),
}

const ppcStack = 1
/** r11 and r12 carry the frame to the routines that save registers. */
const ppcScratch: ReadonlySet<number> = new Set([ppcStack, 11, 12])

/** ELFv2 and ELFv1: the guard is 28,688 bytes below the thread pointer in r13. */
export const ppc64: MachineCode = {
  fixedGuard: true,
  // ld rD, -28688(r13)
  findGuard: (code, from = 0) => findWord(code, from, word => matches(word, 0xfc1fffff, 0xe80d8ff0)),
  // addi rD, r1, imm; positive, and behind the linkage area of 32 bytes
  findStackAddress: (code, from = 0) =>
    findWord(code, from, word => {
      const [base, target, immediate] = [(word >>> 16) & 31, (word >>> 21) & 31, word & 0xffff]
      if (word >>> 26 !== 14 || immediate < 32 || immediate >= 0x8000) return false
      return base === ppcStack && !ppcScratch.has(target)
    }),
}

/** $sp is r3, $fp is r22; the guard is a global variable. */
export const loongarch64: MachineCode = {
  fixedGuard: false,
  findGuard: () => -1,
  // addi.d rD, $sp, imm; move rD, $sp
  findStackAddress: (code, from = 0) =>
    findWord(code, from, word => {
      const target = word & 31
      const copy = matches(word, 0xffffffe0, 0x00150060)
      return (copy || matches(word, 0xffc003e0, 0x02c00060)) && target !== 3 && target !== 22
    }),
}

/** $sp is 29, $fp is 30; the guard is a global variable. */
export const mips: MachineCode = {
  fixedGuard: false,
  findGuard: () => -1,
  // move rD, $sp, as or, addu or daddu; addiu or daddiu rT, $sp, imm
  findStackAddress: (code, from = 0) =>
    findWord(code, from, word => {
      if ([0x03a00025, 0x03a00021, 0x03a0002d].includes((word & 0xffff07ff) >>> 0)) return ((word >>> 11) & 31) !== 30
      const target = (word >>> 16) & 31
      const positive = (word & 0x8000) === 0
      const base = matches(word, 0xffe00000, 0x27a00000) || matches(word, 0xffe00000, 0x67a00000)
      return base && positive && target !== 29 && target !== 30
    }),
}
