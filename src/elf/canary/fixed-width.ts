import {type CodeBytes, Frame, findWord, holdsArgument, type MachineCode, matches, wordAt} from './machine-code.js'

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
  findStackAddress: (code, from = 0) => {
    const little = {bytes: code.bytes, little: true}
    return findWord(little, from, (word, at) => {
      const target = word & 31
      if (target === aarch64Frame || target === zero) return false
      if (matches(word, 0xffc003e0, 0x910003e0)) {
        const slot = (word >>> 10) & 0xfff
        return !holdsArgument(little, at, 4, place => storesAarch64(little, place, slot))
      }
      return matches(word, 0xffc003e0, 0x910003a0) || matches(word, 0xffc003e0, 0xd10003a0)
    })
  },
}

/** str xN or wN, [sp, #slot], or stp of two, N being at most 7. */
function storesAarch64(code: CodeBytes, at: number, slot: number): boolean {
  const word = wordAt(code, at)
  if ((word & 0x3e0) >>> 5 !== zero) return false
  const [isFirst, isSecond] = [(word & 31) <= 7, ((word >>> 10) & 31) <= 7]
  if (matches(word, 0xffc00000, 0xf9000000)) return isFirst && ((word >>> 10) & 0xfff) * 8 === slot
  if (matches(word, 0xffc00000, 0xb9000000)) return isFirst && ((word >>> 10) & 0xfff) * 4 === slot
  const pair = ((word >>> 15) & 0x3f) * 8
  return matches(word, 0xffe00000, 0xa9000000) && ((isFirst && pair === slot) || (isSecond && pair + 8 === slot))
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
  findStackAddress: (code, from = 0) => {
    const frame = new Frame()
    return findWord(code, from, (word, at) => {
      // stdu r1, -size(r1); what lies above the frame are arguments, which the caller put there
      if (matches(word, 0xffff8003, 0xf8218001)) frame.make(at, 0x10000 - (word & 0xfffc))
      const [base, target, immediate] = [(word >>> 16) & 31, (word >>> 21) & 31, word & 0xffff]
      if (word >>> 26 !== 14 || immediate < 32 || immediate >= 0x8000) return false
      if (base !== ppcStack || ppcScratch.has(target) || (frame.holds(at) && immediate >= frame.sizeBytes)) return false
      const spills = [1, 2, 3].some(next => isFloatStore(wordAt(code, at + 4 * next), target))
      return !spills && !holdsArgument(code, at, 4, place => ppcArgument(code, place) === immediate)
    })
  },
}

/** stfiwx fN, 0, rB: there is no other way from a register for floating point to a slot for an integer. */
function isFloatStore(word: number, register: number): boolean {
  return matches(word, 0xfc0007fe, 0x7c0007ae) && ((word >>> 11) & 31) === register
}

/** std or stw rN, imm(r1), N being 3 to 10. */
function ppcArgument(code: CodeBytes, at: number): number | null {
  const word = wordAt(code, at)
  const register = (word >>> 21) & 31
  if (((word >>> 16) & 31) !== ppcStack || register < 3 || register > 10) return null
  if (word >>> 26 === 36) return word & 0xffff
  return word >>> 26 === 62 && (word & 3) === 0 ? word & 0xfffc : null
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
  findStackAddress: (code, from = 0) => {
    const frame = new Frame()
    return findWord(code, from, (word, at) => {
      // addiu or daddiu $sp, $sp, -size; above it are the arguments, each of which has a place there
      if (matches(word, 0xffff8000, 0x27bd8000) || matches(word, 0xffff8000, 0x67bd8000)) {
        frame.make(at, 0x10000 - (word & 0xffff))
      }
      if ([0x03a00025, 0x03a00021, 0x03a0002d].includes((word & 0xffff07ff) >>> 0)) return ((word >>> 11) & 31) !== 30
      const target = (word >>> 16) & 31
      const positive = (word & 0x8000) === 0
      const base = matches(word, 0xffe00000, 0x27a00000) || matches(word, 0xffe00000, 0x67a00000)
      if (!base || !positive || target === 29 || target === 30) return false
      if (frame.holds(at) && (word & 0xffff) >= frame.sizeBytes) return false
      return !holdsArgument(code, at, 4, place => mipsArgument(code, place) === (word & 0xffff))
    })
  },
}

/** sw or sd of $a0 to $a7, imm($sp). */
function mipsArgument(code: CodeBytes, at: number): number | null {
  const word = wordAt(code, at)
  const register = (word >>> 16) & 31
  const stores = matches(word, 0xffe00000, 0xafa00000) || matches(word, 0xffe00000, 0xffa00000)
  return stores && register >= 4 && register <= 11 ? word & 0xffff : null
}
