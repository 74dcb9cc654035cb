import {type CodeBytes, halfAt, holdsArgument, type MachineCode, matches, wordAt} from './machine-code.js'

/** Registers of the stack and of frames: sp, and r7 (Thumb) or r11 (ARM). */
const stack = 13
const thumbFrame = 7
const armFrame = 11

/**
 * ARM and Thumb, which one file may mix, with constants between its functions: every aligned place is looked at as
 * either. The guard is a global variable.
 */
export const arm: MachineCode = {
  fixedGuard: false,
  // eors rA, rB; mov rC, #0; bne: the guard must not stay in a register.
  findGuard: (code, from = 0) => find(code, from, at => isThumbCheck(code, at) || isArmCheck(code, at)),
  findStackAddress: (code, from = 0) => {
    let frame = {at: Number.NEGATIVE_INFINITY, sizeBytes: 0}
    return find(code, from, at => {
      const half = halfAt(code, at)
      if (matches(half, 0xff80, 0xb080)) frame = {at, sizeBytes: (half & 0x7f) * 4} // sub sp, #imm
      // add rD, sp, #imm and mov rD, sp: only with a frame that was made before, because constants look like it too.
      const inFrame = at - frame.at < 1024
      if (matches(half, 0xf800, 0xa800)) {
        const slot = half & 0xff
        if (!inFrame || ((half >> 8) & 7) === thumbFrame || slot * 4 >= frame.sizeBytes) return false
        return !holdsArgument(code, at, 2, place => storesArgument(code, place, slot))
      }
      if (matches(half, 0xff78, 0x4668)) {
        if (!inFrame || (half & 7) === thumbFrame || (half & 0x80) !== 0) return false
        return !holdsArgument(code, at, 2, place => storesArgument(code, place, 0))
      }
      const word = at % 4 === 0 ? wordAt(code, at) : 0
      const target = (word >>> 12) & 15
      const made = matches(word, 0xffff0000, 0xe28d0000) || matches(word, 0xffff0fff, 0xe1a0000d)
      return made && target !== stack && target !== armFrame
    })
  },
}

/** `str rN, [sp, #4 * slot]`, or `strd` of two, N being at most 3. */
function storesArgument(code: CodeBytes, at: number, slot: number): boolean {
  const half = halfAt(code, at)
  if (matches(half, 0xfcff, 0x9000 | slot)) return true
  if (half !== 0xe9cd) return false
  const pair = halfAt(code, at + 2)
  const [first, second] = [pair >> 12, (pair >> 8) & 15]
  return (first <= 3 && (pair & 0xff) === slot) || (second <= 3 && (pair & 0xff) + 1 === slot)
}

function isThumbCheck(code: CodeBytes, at: number): boolean {
  return (
    matches(halfAt(code, at), 0xffc0, 0x4040) &&
    halfAt(code, at + 2) === 0xf04f &&
    matches(halfAt(code, at + 4), 0xf0ff, 0) &&
    matches(halfAt(code, at + 6), 0xff00, 0xd100)
  )
}

function isArmCheck(code: CodeBytes, at: number): boolean {
  return (
    at % 4 === 0 &&
    matches(wordAt(code, at), 0xfff00ff0, 0xe0300000) &&
    matches(wordAt(code, at + 4), 0xffff0fff, 0xe3a00000) &&
    matches(wordAt(code, at + 8), 0xff000000, 0x1a000000)
  )
}

function find(code: CodeBytes, from: number, is: (at: number) => boolean): number {
  for (let at = (from + 1) & ~1; at + 2 <= code.bytes.length; at += 2) if (is(at)) return at
  return -1
}
