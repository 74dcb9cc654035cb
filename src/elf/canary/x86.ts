import {Buffer} from 'node:buffer'
import type {MachineCode} from './machine-code.js'

/** Opcodes that read memory into a register or compare with it: add, sub, xor, cmp, mov. A store (89) sets the guard up. */
const reads: ReadonlySet<number> = new Set([0x03, 0x2b, 0x33, 0x3b, 0x8b])

/** Register fields of ModRM. */
const stackPointer = 4
const framePointer = 5
const r10 = 10

/** `lea` and `mov` with the registers of x86-64 need a REX prefix, 48 to 4f. */
const rexW = 0x48

/** glibc and musl keep the guard at %fs:0x28; x32 at %fs:0x18. */
export const x86_64: MachineCode = {
  fixedGuard: true,
  findGuard: ({bytes}, from = 0) => findAbsolute64(bytes, from, 0x28),
  findStackAddress: ({bytes}, from = 0) => findStackAddress64(bytes, from),
}

export const x32: MachineCode = {...x86_64, findGuard: ({bytes}, from = 0) => findAbsolute64(bytes, from, 0x18)}

/** `%gs:0x14`. */
export const i386: MachineCode = {
  fixedGuard: true,
  findGuard: ({bytes}, from = 0) => findAbsolute32(bytes, from),
  findStackAddress: ({bytes}, from = 0) => findStackAddress32(bytes, from),
}

/**
 * `op reg, %fs:disp`: 64, perhaps REX, the opcode, ModRM with a SIB byte, 25, and the displacement. An instruction that
 * begins before `from` is passed over: who asks for the next one would be given the same for ever.
 */
function findAbsolute64(bytes: Uint8Array, from: number, displacement: number): number {
  const operand = Uint8Array.of(0x25, displacement, 0, 0, 0)
  for (let at = search(bytes, operand, from); at !== -1; at = search(bytes, operand, at + 1)) {
    const modrm = bytes[at - 1] ?? 0
    if ((modrm & 0xc7) !== 0x04 || !reads.has(bytes[at - 2] ?? 0)) continue
    const prefix = bytes[at - 3] ?? 0
    const start = prefix === 0x64 ? at - 3 : (prefix & 0xf0) === 0x40 && bytes[at - 4] === 0x64 ? at - 4 : -1
    if (start >= from) return start
  }
  return -1
}

/** `op reg, %gs:0x14`: 65, and either a1 for %eax or the opcode and ModRM. */
function findAbsolute32(bytes: Uint8Array, from: number): number {
  const displacement = Uint8Array.of(0x14, 0, 0, 0)
  for (let at = search(bytes, displacement, from); at !== -1; at = search(bytes, displacement, at + 1)) {
    const isShort = bytes[at - 1] === 0xa1 && bytes[at - 2] === 0x65
    const isLong = ((bytes[at - 1] ?? 0) & 0xc7) === 0x05 && reads.has(bytes[at - 2] ?? 0) && bytes[at - 3] === 0x65
    const start = isShort ? at - 2 : isLong ? at - 3 : -1
    if (start >= from) return start
  }
  return -1
}

function search(bytes: Uint8Array, pattern: Uint8Array, from: number): number {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(pattern, from)
}

function findStackAddress64(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 4 < bytes.length; at++) {
    const rex = bytes[at] ?? 0
    if ((rex & 0xf8) !== rexW) continue
    const opcode = bytes[at + 1]
    if (opcode === 0x8d) {
      const register = destination(bytes, at + 2) + (rex & 4 ? 8 : 0)
      // With REX.B the base is another register; `lea 8(%rsp), %r10` is how a function aligns its stack.
      if ((rex & 1) === 0 && register !== r10 && isStackOperand(bytes, at + 2)) return at
    } else if (opcode === 0x89 && (rex & 6) === 0 && isCopyOfStackPointer(bytes[at + 2] ?? 0, rex)) return at
  }
  return -1
}

function findStackAddress32(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 4 < bytes.length; at++) {
    if (bytes[at] !== 0x8d || !isStackOperand(bytes, at + 1)) continue
    // `lea 4(%esp), %ecx` is how main() keeps its arguments while it aligns the stack.
    if (bytes[at + 1] === 0x4c && bytes[at + 3] === 4) continue
    return at
  }
  return -1
}

/** `lea disp(%rsp), reg`, perhaps with an index, or `lea -disp(%rbp), reg`, into anything but these two. */
function isStackOperand(bytes: Uint8Array, at: number): boolean {
  const modrm = bytes[at] ?? 0
  const [mode, base] = [modrm >> 6, modrm & 7]
  const register = destination(bytes, at)
  if (register === stackPointer || register === framePointer || (mode !== 1 && mode !== 2)) return false
  if (base === stackPointer) return ((bytes[at + 1] ?? 0) & 7) === stackPointer && !isNegative(bytes, at + 2, mode)
  return base === framePointer && isNegative(bytes, at + 1, mode)
}

function isNegative(bytes: Uint8Array, at: number, mode: number): boolean {
  const last = bytes[mode === 1 ? at : at + 3] ?? 0
  // A frame of more than 16 MiB is not one: this is a constant that looks like an address.
  return mode === 1 ? last >= 0x80 : last === 0xff
}

/** `mov %rsp, reg`, but not to %rbp, which begins a frame, and not to %rsp itself. */
function isCopyOfStackPointer(modrm: number, rex: number): boolean {
  const target = (modrm & 7) + (rex & 1 ? 8 : 0)
  return (modrm & 0xf8) === 0xe0 && target !== stackPointer && target !== framePointer
}

function destination(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) >> 3) & 7
}
