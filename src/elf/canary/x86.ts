import {Buffer} from 'node:buffer'
import {type CodeBytes, Frame, holdsArgument, type MachineCode} from './machine-code.js'

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
  const frame = new Frame()
  const room = new Frame()
  const code: CodeBytes = {bytes, little: true}
  const isArgument = (at: number, slot: number) => {
    // Above the room for variables are the arguments that did not fit into registers.
    if (slot < frameSlots / 2 && room.holds(at) && slot >= room.sizeBytes) return true
    return holdsArgument(code, at, 1, place => argumentSlot64(bytes, place) === slot)
  }
  for (let at = Math.max(0, from - frameSearchBytes); at + 4 < bytes.length; at++) {
    if (endsFrame(bytes, at)) frame.end()
    const rex = bytes[at] ?? 0
    if ((rex & 0xf8) !== rexW) continue
    const opcode = bytes[at + 1]
    if (opcode === 0x89 && bytes[at + 2] === makesFrame) frame.make(at)
    if (rex === rexW) makeRoom(bytes, at + 1, room)
    if (at < from) continue
    if (opcode === 0x8d) {
      const register = destination(bytes, at + 2) + (rex & 4 ? 8 : 0)
      // With REX.B the base is another register; `lea 8(%rsp), %r10` is how a function aligns its stack.
      if ((rex & 1) !== 0 || register === r10 || !isStackOperand(bytes, at + 2, frame.holds(at))) continue
      const slot = slotAt(bytes, at + 2)
      if (slot === null || !isArgument(at, slot)) return at
    } else if (opcode === 0x89 && (rex & 6) === 0 && isCopyOfStackPointer(bytes[at + 2] ?? 0, rex)) {
      // What is passed by value is copied to the end of the stack: by `rep movs`, or without optimisation through %rax.
      const passes = bytes[at + 2] === intoRax ? frame.holds(at) : copiesStrings(bytes, at + 3)
      if (!passes && !isArgument(at, 0)) return at
    }
  }
  return -1
}

function findStackAddress32(bytes: Uint8Array, from: number): number {
  const frame = new Frame()
  const room = new Frame()
  for (let at = Math.max(0, from - frameSearchBytes); at + 4 < bytes.length; at++) {
    if (endsFrame(bytes, at)) frame.end()
    if (bytes[at] === 0x89 && bytes[at + 1] === makesFrame) frame.make(at)
    makeRoom(bytes, at, room)
    if (at < from || bytes[at] !== 0x8d || !isStackOperand(bytes, at + 1, frame.holds(at))) continue
    // `lea 4(%esp), %ecx` is how main() keeps its arguments while it aligns the stack.
    if (bytes[at + 1] === 0x4c && bytes[at + 3] === 4) continue
    // Above the room for variables are the arguments, where the caller put them.
    const isArgument = room.holds(at) && (slotAt(bytes, at + 1) ?? 0) >= room.sizeBytes
    if (!isArgument || isFrameOperand(bytes, at + 1)) return at
  }
  return -1
}

/** As far back a frame is looked for where a search begins in the middle of the code. */
const frameSearchBytes = 1024

/** ModRM of `mov %rsp, %rbp`, and of `mov %rsp, %rax`. */
const makesFrame = 0xe5
const intoRax = 0xe0

/** `leave` or `pop %rbp`, and `ret` or `jmp`. */
function endsFrame(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at + 1]
  return (bytes[at] === 0xc9 || bytes[at] === 0x5d) && (next === 0xc3 || next === 0xe9 || next === 0xeb)
}

/** `sub $imm, %esp` makes room for variables. */
function makeRoom(bytes: Uint8Array, at: number, room: Frame): void {
  if (bytes[at + 1] !== 0xec) return
  if (bytes[at] === 0x83 && (bytes[at + 2] ?? 0) < 0x80) room.make(at, bytes[at + 2])
  if (bytes[at] === 0x81) room.make(at, signed32(bytes, at + 2))
}

/** `lea disp(%rsp), reg`, perhaps with an index, or `lea -disp(%rbp), reg`, into anything but these two. */
function isStackOperand(bytes: Uint8Array, at: number, hasFrame: boolean): boolean {
  const modrm = bytes[at] ?? 0
  const [mode, base] = [modrm >> 6, modrm & 7]
  const register = destination(bytes, at)
  if (register === stackPointer || register === framePointer || (mode !== 1 && mode !== 2)) return false
  if (base === stackPointer) return ((bytes[at + 1] ?? 0) & 7) === stackPointer && !isNegative(bytes, at + 2, mode)
  return base === framePointer && hasFrame && isNegative(bytes, at + 1, mode)
}

function isFrameOperand(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at] ?? 0) & 7) === framePointer
}

function isNegative(bytes: Uint8Array, at: number, mode: number): boolean {
  const last = bytes[mode === 1 ? at : at + 3] ?? 0
  // A frame of more than 16 MiB is not one: this is a constant that looks like an address.
  return mode === 1 ? last >= 0x80 : last === 0xff
}

/** Numbers from here on are distances from %rbp, others from %rsp: the two name different slots. */
const frameSlots = 2 ** 40

/** The slot of a stack operand without an index, its ModRM at `at`; null for another operand. */
function slotAt(bytes: Uint8Array, at: number): number | null {
  const modrm = bytes[at] ?? 0
  const [mode, base] = [modrm >> 6, modrm & 7]
  const onStack = base === stackPointer && bytes[at + 1] === 0x24
  if (!onStack && base !== framePointer) return null
  const place = onStack ? at + 2 : at + 1
  const distance = mode === 1 ? ((bytes[place] ?? 0) << 24) >> 24 : mode === 2 ? signed32(bytes, place) : 0
  if (mode === 3 || (mode === 0 && !onStack)) return null
  return onStack ? distance : frameSlots + distance
}

/** %rdi, %rsi, %rdx, %rcx, and %r8 and %r9 by their REX prefix. */
const argumentRegisters: ReadonlySet<number> = new Set([7, 6, 2, 1])

/** `mov %rdi, slot` and the like, of 4 or 8 bytes. */
function argumentSlot64(bytes: Uint8Array, at: number): number | null {
  if (bytes[at] !== 0x89) return null
  const prefix = bytes[at - 1] ?? 0
  const isHigh = (prefix & 0xf4) === 0x44
  const register = destination(bytes, at + 1)
  return (isHigh ? register < 2 : argumentRegisters.has(register)) ? slotAt(bytes, at + 1) : null
}

/** `rep movs` a few instructions on. */
function copiesStrings(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at < from + 16; at++) {
    const opcode = bytes[at + 1] === rexW ? bytes[at + 2] : bytes[at + 1]
    if (bytes[at] === 0xf3 && (opcode === 0xa4 || opcode === 0xa5)) return true
  }
  return false
}

function signed32(bytes: Uint8Array, at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4)
  return a | (b << 8) | (c << 16) | (d << 24)
}

/** `mov %rsp, reg`, but not to %rbp, which begins a frame, and not to %rsp itself. */
function isCopyOfStackPointer(modrm: number, rex: number): boolean {
  const target = (modrm & 7) + (rex & 1 ? 8 : 0)
  return (modrm & 0xf8) === 0xe0 && target !== stackPointer && target !== framePointer
}

function destination(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) >> 3) & 7
}
