import type {Random} from './random.js'

/** Numbers at which sums overflow, signs turn and tables end. */
const interesting = [
  0, 1, 2, 3, 4, 7, 8, 16, 31, 32, 63, 64, 100, 127, 128, 255, 256, 511, 512, 1000, 1024, 4095, 4096, 32_767, 32_768,
  65_535, 65_536, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff,
]
const digits = /[0-9]/

/** What a mutation may draw from. */
export interface Material {
  readonly dictionary: readonly Uint8Array[]
  /** Another input, to splice with. */
  other(): Uint8Array
  readonly mostBytes: number
}

type Mutation = (input: Uint8Array, random: Random, material: Material) => Uint8Array

/** Changes an input in a few places: often one, sometimes many. */
export function mutate(input: Uint8Array, random: Random, material: Material): Uint8Array {
  let changed: Uint8Array = input.slice()
  const steps = 1 << random.below(random.chance(4) ? 6 : 3)
  for (let step = 0; step < steps; step++) changed = random.pick(mutations)(changed, random, material)
  return changed.length > material.mostBytes ? changed.slice(0, material.mostBytes) : changed
}

const flipBit: Mutation = (input, random) => {
  if (input.length > 0) {
    const at = place(input, random)
    input[at] = (input[at] as number) ^ (1 << random.below(8))
  }
  return input
}

const setByte: Mutation = (input, random) => {
  if (input.length > 0) input[place(input, random)] = random.chance(2) ? random.below(256) : random.pick(interesting)
  return input
}

/** A number of 1 to 8 bytes in either order becomes an interesting one, or a little more or less than it was. */
const setNumber: Mutation = (input, random) => {
  const bytes = random.pick([1, 2, 4, 8])
  if (input.length < bytes) return input
  const at = Math.min(place(input, random) & ~(random.chance(2) ? bytes - 1 : 0), input.length - bytes)
  const little = random.chance(2)
  const view = new DataView(input.buffer, input.byteOffset + at, bytes)
  const old = [1, 2].includes(bytes)
    ? bytes === 1
      ? view.getUint8(0)
      : view.getUint16(0, little)
    : view.getUint32(0, little)
  const number = random.chance(2) ? random.pick(interesting) : old + random.below(33) - 16
  if (bytes === 1) view.setUint8(0, number)
  else if (bytes === 2) view.setUint16(0, number, little)
  else if (bytes === 4) view.setUint32(0, number, little)
  else view.setBigUint64(0, BigInt.asUintN(64, random.chance(4) ? BigInt(number) << 32n : BigInt(number)), little)
  return input
}

/** A number that is written in digits becomes another. */
const setDigits: Mutation = (input, random) => {
  if (input.length === 0) return input
  const from = place(input, random)
  let start = from
  while (start < input.length && start < from + 4096 && !digits.test(String.fromCharCode(input[start] as number)))
    start++
  let end = start
  while (end < input.length && end < start + 20 && digits.test(String.fromCharCode(input[end] as number))) end++
  if (start === end) return input
  const number = random.chance(3) ? random.next() : random.pick(interesting)
  const text = String(random.chance(8) ? BigInt(number) ** 4n : number)
  // As wide as before, where fields have a width.
  const fitting = random.chance(2) ? text.padStart(end - start, '0').slice(-(end - start)) : text
  return join(input.subarray(0, start), Buffer.from(fitting), input.subarray(end))
}

const remove: Mutation = (input, random) => {
  const {start, end} = range(input, random)
  return join(input.subarray(0, start), input.subarray(end))
}

const repeat: Mutation = (input, random, {mostBytes}) => {
  const {start, end} = range(input, random)
  const piece = input.subarray(start, end)
  const most = Math.max(1, Math.min(64, Math.floor((mostBytes - input.length) / Math.max(1, piece.length))))
  const times = 1 + random.below(most)
  return join(input.subarray(0, end), ...new Array<Uint8Array>(times).fill(piece), input.subarray(end))
}

const copy: Mutation = (input, random) => {
  const {start, end} = range(input, random)
  const to = random.below(input.length - (end - start) + 1)
  return input.copyWithin(to, start, end)
}

const cut: Mutation = (input, random) => input.slice(0, random.below(input.length + 1))

const splice: Mutation = (input, random, {other}) => {
  const second = other()
  const {start, end} = range(second, random)
  const at = random.below(input.length + 1)
  const rest = random.chance(2) ? at : Math.min(input.length, at + end - start)
  return join(input.subarray(0, at), second.subarray(start, end), input.subarray(rest))
}

const word: Mutation = (input, random, {dictionary}) => {
  if (dictionary.length === 0) return input
  const token = random.pick(dictionary)
  const at = random.below(input.length + 1)
  return join(
    input.subarray(0, at),
    token,
    input.subarray(random.chance(2) ? at : Math.min(input.length, at + token.length)),
  )
}

const fill: Mutation = (input, random) => {
  const {start, end} = range(input, random)
  return input.fill(random.pick([0, 0xff, 0x20, 0x2f, 0x41, random.below(256)]), start, end)
}

const mutations: readonly Mutation[] = [
  flipBit,
  flipBit,
  setByte,
  setByte,
  setNumber,
  setNumber,
  setNumber,
  setDigits,
  remove,
  repeat,
  copy,
  splice,
  splice,
  word,
  word,
  fill,
  cut,
]

/** Anywhere, but more often near the start, where headers are. */
function place(input: Uint8Array, random: Random): number {
  return random.below(random.chance(3) ? Math.min(1024, input.length) : input.length)
}

/** A part: mostly short, sometimes of whole blocks, as tar has them. */
function range(input: Uint8Array, random: Random): {start: number; end: number} {
  if (input.length === 0) return {start: 0, end: 0}
  const length = Math.min(input.length, 1 + random.below(random.chance(4) ? input.length : 32))
  const start = random.below(input.length - length + 1)
  if (!random.chance(4) || input.length < 1024) return {start, end: start + length}
  const block = start & ~511
  return {start: block, end: Math.min(input.length, block + 512 * (1 + random.below(4)))}
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}
