import {type CodeBytes, Frame, halfAt, holdsArgument, type MachineCode, matches, wordAt} from './machine-code.js'

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
  findStackAddress: (code, from = 0) => {
    const frame = new Frame()
    const holds = (at: number, slot: number) => holdsArgument(code, at, 2, place => riscvArgument(code, place) === slot)
    return walk(code, from, riscvLength, at => {
      const half = halfAt(code, at)
      // c.addi4spn rD, imm, with x8 as the first of its eight registers
      if ((half & 3) === 0) {
        if (!matches(half, 0xe003, 0) || half === 0) return false
        if (((half >> 2) & 7) === 0) frame.make(at)
        return ((half >> 2) & 7) !== 0 && !holds(at, addi4spn(half))
      }
      if ((half & 3) !== 3) return matches(half, 0xf07f, 0x800a) && !holds(at, 0) // c.mv rD, sp
      const word = wordAt(code, at)
      const [target, immediate] = [(word >>> 7) & 31, (word | 0) >> 20]
      if (matches(word, 0xff07f, 0x10013)) {
        if (target === 8) frame.make(at)
        return target !== 2 && target !== 8 && !holds(at, immediate) // addi rD, sp, imm
      }
      // addi rD, s0, -imm, as -O0 does; a loop counter goes down by less
      if (!matches(word, 0xff07f, 0x40013) || target === 2 || target === 8 || immediate > -16) return false
      return frame.holds(at) && !holds(at, immediate)
    })
  },
}

/** The immediate of c.addi4spn, whose bits are 5:4, 9:6, 2 and 3. */
function addi4spn(half: number): number {
  return ((half >> 7) & 0x30) | ((half >> 1) & 0x3c0) | ((half >> 4) & 4) | ((half >> 2) & 8)
}

/** sd or sw of a0 to a7, relative to $sp or to the frame; c.sdsp and c.swsp. */
function riscvArgument(code: CodeBytes, at: number): number | null {
  const half = halfAt(code, at)
  const isArgument = (register: number) => register >= 10 && register <= 17
  if ((half & 3) === 2) {
    if (!isArgument((half >> 2) & 31)) return null
    if (matches(half, 0xe003, 0xe002)) return ((half >> 7) & 0x38) | ((half >> 1) & 0x1c0)
    return matches(half, 0xe003, 0xc002) ? ((half >> 7) & 0x3c) | ((half >> 1) & 0xc0) : null
  }
  const word = wordAt(code, at)
  const [base, width] = [(word >>> 15) & 31, (word >>> 12) & 7]
  const isStore = (word & 0x7f) === 0x23 && (width === 2 || width === 3)
  if (!isStore || (base !== 2 && base !== 8) || !isArgument((word >>> 20) & 31)) return null
  return (((word | 0) >> 25) << 5) | ((word >>> 7) & 31)
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
  // la or lay rD, D(%r15), behind the save area of 160 bytes; aghik rD, %r15, imm; the same with %r11 where it is a frame
  findStackAddress: (code, from = 0) => {
    const frame = new Frame()
    const room = new Frame()
    return walk(code, from, s390Length, at => {
      if (wordAt(code, at) === makesFrame) frame.make(at)
      const size = s390Room(code, at)
      if (size > 0) room.make(at, size)
      const found = s390StackAddress(code, at)
      if (found === null || found.slot < 160 || (found.base === 11 && !frame.holds(at))) return false
      // Above its own frame are the arguments, where the caller put them.
      if (room.holds(at) && found.slot >= room.sizeBytes) return false
      return !holdsArgument(code, at, 2, place => s390Argument(code, place) === found.slot)
    })
  },
}

/** lgr %r11, %r15, in big-endian order as all of s390x. */
const makesFrame = 0xb90400bf

/** The address that an instruction makes, relative to %r15 or %r11; null for another instruction. */
function s390StackAddress(code: CodeBytes, at: number): {readonly base: number; readonly slot: number} | null {
  const opcode = code.bytes[at]
  if (opcode !== 0x41 && opcode !== 0xe3 && opcode !== 0xec) return null
  const [target, index, base] = [high(code, at + 1), low(code, at + 1), high(code, at + 2)]
  if (target === 15 || (target === 11 && opcode !== 0x41)) return null
  const onStack = (register: number) => register === 15 || register === 11
  const displacement = halfAt(code, at + 2) & 0xfff
  if (opcode === 0x41) return index === 0 && onStack(base) ? {base, slot: displacement} : null
  if (code.bytes[at + 4] !== 0) return null
  const last = code.bytes[at + 5]
  if (opcode === 0xe3) return last === 0x71 && index === 0 && onStack(base) ? {base, slot: displacement} : null
  const immediate = halfAt(code, at + 2)
  return last === 0xd9 && onStack(index) && immediate < 0x8000 ? {base: index, slot: immediate} : null
}

/** Bytes that lay %r15, -size(%r15) or aghi %r15, -size makes room for; 0 for another instruction. */
function s390Room(code: CodeBytes, at: number): number {
  if (halfAt(code, at) === 0xa7fb) return (0x10000 - halfAt(code, at + 2)) & 0x7fff
  const isLay = code.bytes[at] === 0xe3 && code.bytes[at + 1] === 0xf0 && code.bytes[at + 5] === 0x71
  if (!isLay || high(code, at + 2) !== 15) return 0
  const displacement = ((code.bytes[at + 4] ?? 0) << 12) | (halfAt(code, at + 2) & 0xfff)
  return displacement >= 0x80000 ? 0x100000 - displacement : 0
}

/** st or stg of %r2 to %r6, D(%r15) or D(%r11). */
function s390Argument(code: CodeBytes, at: number): number | null {
  const opcode = code.bytes[at]
  const isLong = opcode === 0xe3 && code.bytes[at + 5] === 0x24 && code.bytes[at + 4] === 0
  if (opcode !== 0x50 && !isLong) return null
  const [register, index, base] = [high(code, at + 1), low(code, at + 1), high(code, at + 2)]
  const isSlot = index === 0 && (base === 15 || base === 11) && register >= 2 && register <= 6
  return isSlot ? halfAt(code, at + 2) & 0xfff : null
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
