import type {Writer} from './writer.js'

/** Unwind information; everything has a default, which is what GCC and ld write. */
export interface FramesSpec {
  /** The functions, by their place in the code. */
  readonly functions: readonly (readonly [start: number, sizeBytes: number])[]
  /** DW_EH_PE_ of addresses; default 0x1b: 4 bytes, signed, relative to their place. */
  readonly encoding?: number
  readonly version?: number
  /** Default `zR`; P is a personality routine in 4 bytes, L says that there is data of the language. */
  readonly augmentation?: string
  /** `none`: no PT_GNU_EH_FRAME; `empty`: it has no table. Default `full`. */
  readonly table?: 'full' | 'empty' | 'none'
  /** DW_EH_PE_ in the table; default 0x3b: 4 bytes, signed, relative to it. */
  readonly tableEncoding?: number
}

/** Writes `.eh_frame`: one CIE, and an FDE for each function. Addresses are offsets in `out`. */
export function writeFrames(out: Writer, spec: FramesSpec, codeAddress: number): readonly number[] {
  const {functions, version = 1, augmentation = 'zR'} = spec
  const encoding = augmentation.includes('R') ? (spec.encoding ?? 0x1b) : 0
  const cie = out.length
  record(out, () => {
    out.number(0, 4)
    out.numbers([1, version])
    out.text(`${augmentation}\0`)
    if (version === 4) out.numbers([1, out.bits / 8], [1, 0])
    out.numbers([1, 1], [1, 0x78])
    out.raw(version === 1 ? Uint8Array.of(16) : Uint8Array.of(0x90, 0)) // a LEB128 of two bytes
    if (augmentation === '') return
    const data: number[] = []
    for (const letter of augmentation.slice(1)) {
      if (letter === 'R') data.push(encoding)
      if (letter === 'L') data.push(0x1b)
      if (letter === 'P') data.push(0x9b, 1, 2, 3, 4)
    }
    out.numbers([1, data.length])
    out.raw(Uint8Array.from(data))
  })
  const addresses = functions.map(([start, sizeBytes]) => {
    const at = out.length
    record(out, () => {
      out.number(out.length - cie, 4)
      encode(out, encoding, codeAddress + start, null)
      encode(out, encoding & 0x0f, sizeBytes, null)
      if (augmentation !== '') out.numbers([1, 0])
    })
    return at
  })
  out.number(0, 4)
  return addresses
}

/** Writes `.eh_frame_hdr`, whose table names the FDEs; the functions' own addresses are not looked at. */
export function writeFrameTable(
  out: Writer,
  {table, tableEncoding = 0x3b}: FramesSpec,
  frames: number,
  fdes: readonly number[],
): void {
  const start = out.length
  const filled = table !== 'empty'
  out.numbers([1, 1], [1, 0x1b], [1, filled ? 0x03 : 0xff], [1, filled ? tableEncoding : 0xff])
  encode(out, 0x1b, frames, start)
  if (!filled) return
  out.number(fdes.length, 4)
  for (const fde of fdes) {
    encode(out, tableEncoding, 0, start)
    encode(out, tableEncoding, fde, start)
  }
}

/** Length, contents, and padding to a multiple of 4. */
function record(out: Writer, write: () => void): void {
  const at = out.length
  out.number(0, 4)
  write()
  out.zeros(-out.length & 3)
  const length = out.length - at - 4
  const bytes = Array.from({length: 4}, (_, index) => (length >>> (8 * index)) & 0xff)
  out.overwrite(at, Uint8Array.from(out.little ? bytes : bytes.reverse()))
}

function encode(out: Writer, encoding: number, address: number, table: number | null): void {
  const base = {0: 0, 16: out.length, 48: table ?? 0}[encoding & 0x70] ?? 0
  const size = {0: out.bits / 8, 2: 2, 3: 4, 4: 8}[encoding & 0x07] ?? 0
  out.number(address - base, size)
}
